import { posix } from "node:path";

/** No certificate or configuration file is larger; what is, is not read into memory and state. */
export const largestFile = 1024 * 1024;

/** Where a file is written before it takes its place. One fixed name: what a killed run left is overwritten by the next. */
export function temporaryName(path: string): string {
  return posix.join(posix.dirname(path), `.${posix.basename(path)}.registry-kit`);
}

/** One node: its files, and programs on it, with the rights that the connection has there. */
export interface Node extends NodeFiles {
  /** Home folder of the user whose rights these are. */
  readonly home: string;
  /** Runs a program without standard input; any exit code is an answer, 127: there is no such program. */
  run(command: string[], timeoutSeconds?: number): Promise<CommandAnswer>;
}

export interface CommandAnswer {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Files and folders of one node, wherever it is. Paths are absolute; errors name the path and the reason. */
export interface NodeFiles {
  /** `uid:gid` of what is made here: `0:0` with root's rights, else the user's own. */
  readonly owner: string;
  /** What is at the path itself, no link followed; undefined: nothing. */
  look(path: string): Promise<NodeEntry | undefined>;
  /** The names in a folder. */
  list(folder: string): Promise<string[]>;
  /** Makes or replaces a file in one step: a reader sees the old one or the new one, whole. The folder must be there. */
  write(path: string, file: NodeFile): Promise<void>;
  /** Removes a file, and what an interrupted `write` of it left. One that is gone already counts as removed. */
  remove(path: string): Promise<void>;
  /** Makes one folder, 0755, with the mode whatever the umask is; false: it was there. */
  makeFolder(path: string): Promise<boolean>;
  /** True: the folder is gone (now, or already); false: it stays, because it holds something or is not ours to remove. */
  removeEmptyFolder(path: string): Promise<boolean>;
  /** Why nothing can be made or replaced in this folder, made or not; undefined: it can. */
  writeObstacle(folder: string): Promise<string | undefined>;
}

export interface NodeFile {
  content: string;
  /** Four octal digits: `0444`. */
  mode: string;
  /** `uid:gid`, in numbers. */
  owner: string;
}

export type NodeEntry =
  | ({ kind: "file" } & NodeFile)
  | { kind: "folder" }
  /** Nothing that the kit would read or replace: `a symbolic link`. */
  | { kind: "other"; description: string };
