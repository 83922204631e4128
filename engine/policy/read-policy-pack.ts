import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checked } from "../config/checked.ts";

const packSchema = z.looseObject({
  main: z.string().optional(),
  version: z.string().optional(),
  runtime: z.union([z.string().transform((name) => ({ name })), z.looseObject({ name: z.string() })]),
});

/** A pack on disk. */
export interface PolicyPackFiles {
  folder: string;
  /** What Node runs: a file, or a folder with a package.json. */
  entry: string;
  /** Where PulumiPolicy.yaml gives one, it goes before that of package.json. */
  version: string | undefined;
}

/**
 * Reads the folder of a policy pack.
 * @throws where it holds no PulumiPolicy.yaml, or one of a pack that is not for Node.
 */
export async function readPolicyPack(folder: string): Promise<PolicyPackFiles> {
  const file = join(folder, "PulumiPolicy.yaml");
  if (!existsSync(file)) throw new Error(`There is no policy pack in ${folder}: it has no PulumiPolicy.yaml.`);
  const content: unknown = parse(await readFile(file, "utf8"));
  const { main, version, runtime } = checked(packSchema, content, `${file} does not describe a policy pack`);
  if (runtime.name !== "nodejs")
    throw new Error(
      `${file}: the runtime is "${runtime.name}"; this engine runs packs for "nodejs" only. Use the Pulumi CLI.`,
    );
  return { folder, entry: entryOf(folder, main), version };
}

/** Node takes package.json's `main`, else index.js; a pack of TypeScript alone has index.ts. */
function entryOf(folder: string, main: string | undefined): string {
  if (main) return join(folder, main);
  const [script, plain] = [join(folder, "index.ts"), join(folder, "index.js")];
  const named = existsSync(join(folder, "package.json")) && existsSync(plain);
  return !named && existsSync(script) ? script : folder;
}
