import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a stack lives in a `file://` backend: the layout of Pulumi's DIY backend, version 1. */
export interface StackPaths {
  /** `organization/<project>/<stack>`. */
  fullName: string;
  stateFile: string;
  /** What a run has done since it wrote the state file; there while it goes on, and after it was killed. */
  journalFile: string;
  lockFolder: string;
  metaFile: string;
}

const names = /^[A-Za-z0-9_.-]{1,100}$/;

/**
 * The folder that a backend URL names. Relative paths count from the current folder and `~` is the home folder,
 * as in the Pulumi CLI.
 * @throws for anything but `file://`.
 */
export function backendFolder(url: string, currentFolder = process.cwd()): string {
  if (!url.startsWith("file://"))
    throw new Error(
      `The state backend "${redact(url)}" needs the Pulumi CLI; this engine keeps state in a file:// backend only. ` +
        "Install the Pulumi CLI, or name a folder: PULUMI_BACKEND_URL=file:///srv/state.",
    );
  const path = url.slice("file://".length).split("?")[0] ?? "";
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(2));
  return path.startsWith("/") ? fileURLToPath(`file://${path}`) : resolve(currentFolder, path);
}

/** @throws where a name could lead out of the backend's folder. */
export function stackPaths(folder: string, project: string, stack: string): StackPaths {
  for (const [what, name] of Object.entries({ project, stack }))
    if (!names.test(name) || /^\.+$/.test(name))
      throw new Error(
        `The ${what} name "${name}" is not allowed: use 1 to 100 letters, digits, ".", "_" or "-", for example "dev".`,
      );
  const root = join(folder, ".pulumi");
  const stateFile = join(root, "stacks", project, `${stack}.json`);
  return {
    fullName: `organization/${project}/${stack}`,
    stateFile,
    journalFile: `${stateFile}.journal`,
    lockFolder: join(root, "locks", "organization", project, stack),
    metaFile: join(root, "meta.yaml"),
  };
}

/** The bare stack name of `dev`, `organization/dev` or `organization/<project>/dev`. */
export function bareStackName(name: string, project: string): string {
  const parts = name.split("/");
  const bare = parts.at(-1) ?? name;
  if (parts.length > 1 && parts[0] !== "organization")
    throw new Error(
      `The organization "${parts[0]}" needs the Pulumi Cloud; a file:// backend has "organization" only.`,
    );
  if (parts.length === 3 && parts[1] !== project)
    throw new Error(`The stack "${name}" belongs to project "${parts[1]}", this is project "${project}".`);
  return bare;
}

function redact(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//****@");
}
