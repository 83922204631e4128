import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";
import { parseDocument } from "yaml";
import { z } from "zod";
import type { DockerHost } from "../components/docker-host/docker-host.ts";
import { projectRoot } from "./project-root.ts";
import { UserError } from "./user-error.ts";

const project = "registry-kit";

/** What the commands need to know before an engine runs; anything wrong is reported by the program itself. */
const early = z.object({
  docker: z.object({ url: z.string().optional(), certPath: z.string().optional() }).catch({}),
  image: z
    .object({ name: z.string().catch("registry:3.1.2"), digest: z.string().optional(), archive: z.string().optional() })
    .catch({ name: "registry:3.1.2" }),
});

/** The settings file of a stack, `stacks/Pulumi.<stack>.yaml`; edits keep comments and order. */
export class StackFile {
  readonly path: string;
  private readonly document: Document;

  /** @throws {UserError} where there is no such file or it is not YAML */
  constructor(stack: string) {
    const folder = join(projectRoot, "stacks");
    this.path = join(folder, `Pulumi.${stack}.yaml`);
    if (!existsSync(this.path)) {
      const known = readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
      throw new UserError(
        `Stack "${stack}": there is no stacks/Pulumi.${stack}.yaml. Stacks here: ${known.join(", ")}.`,
      );
    }
    this.document = parseDocument(readFileSync(this.path, "utf8"));
    const [problem] = this.document.errors;
    if (problem) throw new UserError(`stacks/Pulumi.${stack}.yaml is not valid YAML: ${problem.message}`);
  }

  /** The Docker host and the image, with defaults for what is missing or wrong. */
  early(): { docker: DockerHost; image: { name: string; digest?: string | undefined; archive?: string | undefined } } {
    const { docker, image } = early.parse({ docker: this.get(["docker"]), image: this.get(["image"]) ?? {} });
    return { docker: withoutUndefined(docker), image };
  }

  /** A setting as plain data; undefined where it is not set. */
  get(path: string[]): unknown {
    const value = this.document.getIn(fullPath(path));
    return typeof value === "object" && value !== null && "toJSON" in value
      ? (value as { toJSON(): unknown }).toJSON()
      : value;
  }

  /** Changes one setting and writes the file. */
  set(path: string[], value: string | number | boolean): void {
    this.document.setIn(fullPath(path), value);
    writeFileSync(this.path, this.document.toString({ lineWidth: 0 }));
  }
}

function fullPath([key = "", ...rest]: string[]): string[] {
  return ["config", `${project}:${key}`, ...rest];
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
