/** A POSIX shell somewhere, with the rights of `user`. */
export interface Shell {
  /** For messages: `admin@node:22`. */
  readonly name: string;
  readonly user: ShellUser;
  /** Runs a script in a subshell without standard input. Any exit code is an answer. */
  run(script: string, seconds?: number): Promise<ShellAnswer>;
}

export interface ShellAnswer {
  exitCode: number;
  stdout: Buffer;
  stderr: string;
}

/** Under whose rights the shell runs, and where. */
export interface ShellUser {
  uid: number;
  gid: number;
  home: string;
}
