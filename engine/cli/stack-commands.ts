import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { mergeStack } from "../stack/merge-stack.ts";
import { openExisting, openStack } from "../stack/open-stack.ts";
import { readOutputs } from "../stack/read-outputs.ts";
import { removeStack } from "../stack/remove-stack.ts";
import { CheckpointWriter, parseExport, schemaOf } from "../state/checkpoint.ts";
import { plainSecrets } from "../state/secret-values.ts";
import type { CommonOptions } from "./common-options.ts";

type FileOptions = CommonOptions & { file?: string };

/** Prints one output, or all of them. */
export async function stackOutput(
  name: string | undefined,
  options: CommonOptions & { json: boolean; showSecrets: boolean },
): Promise<number> {
  const { stack, cwd, json, showSecrets } = options;
  const outputs = await readOutputs({ projectDirectory: cwd, stack, showSecrets });
  if (name === undefined) {
    if (json) console.log(JSON.stringify(outputs, null, 2));
    else for (const [key, value] of Object.entries(outputs)) console.log(`${key}  ${plain(value)}`);
    return 0;
  }
  const value = outputs[name];
  if (value === undefined)
    throw new Error(`The stack has no output "${name}"; it has ${Object.keys(outputs).join(", ") || "none"}.`);
  console.log(json ? JSON.stringify(value) : plain(value));
  return 0;
}

/** Prints the state as a deployment that `stack import` takes, here and in the CLI. */
export async function stackExport(options: FileOptions & { showSecrets: boolean }): Promise<number> {
  const stack = await openExisting({ projectDirectory: options.cwd, stack: options.stack });
  const { deployment, writer } = await stack.load();
  const plainWriter = new CheckpointWriter(plainSecrets, stack.file.paths.fullName, (await stack.key()).salt);
  const rendered = [...(options.showSecrets ? plainWriter : writer).renderDeployment(deployment)].join("");
  const document = `${JSON.stringify({ ...schemaOf(deployment.resources), deployment: JSON.parse(rendered) }, null, 2)}\n`;
  if (options.file) await writeFile(options.file, document, { mode: 0o600 });
  else process.stdout.write(document);
  return 0;
}

/** Replaces the state by an exported deployment, after it has been understood whole. */
export async function stackImport(options: FileOptions): Promise<number> {
  const stack = await openStack({ projectDirectory: options.cwd, stack: options.stack }, undefined, false);
  const origin = options.file ?? "standard input";
  const exported = options.file ? await readFile(options.file, "utf8") : await text(process.stdin);
  const encrypted = parseExport(exported, origin);
  const { deployment, writer } = await stack.load({ encrypted, origin });
  const { salt } = await stack.key();
  await stack.file.prepare();
  const lock = await stack.file.lock(console.error);
  try {
    if (stack.config.salt !== salt) {
      stack.config.salt = salt;
      await stack.config.write();
    }
    await stack.file.merge().catch(() => {}); // for the copy that is kept of it
    await stack.file.end(undefined, writer.render(deployment));
  } finally {
    await lock.release();
  }
  console.error(`Imported ${deployment.resources.length} resources.`);
  return 0;
}

/** Makes the state of a killed run one that the Pulumi CLI can go on with. */
export async function stackMerge({ cwd, stack }: CommonOptions): Promise<number> {
  const merged = await mergeStack({ projectDirectory: cwd, stack }, console.error);
  console.error(merged ? "The state has what the stopped run did." : "No run was stopped: the state is whole.");
  return 0;
}

/** Forgets a stack that has been destroyed; its settings file stays. */
export async function stackRemove({ cwd, stack, yes }: CommonOptions & { yes: boolean }): Promise<number> {
  if (!yes) throw new Error("stack rm asks no questions, so --yes must be passed to it.");
  await openExisting({ projectDirectory: cwd, stack });
  await removeStack({ projectDirectory: cwd, stack }, console.error);
  return 0;
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
