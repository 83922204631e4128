import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** Looks at the arguments and the environment of every process of this machine, again and again until it is stopped. */
export class ProcessWatch {
  private readonly seen = new Set<string>();
  private readonly stop = new AbortController();
  private readonly looking = this.look();

  /** Ends the watch. @returns each argument and each variable that was seen, once. */
  async end(): Promise<string[]> {
    this.stop.abort();
    await this.looking;
    return [...this.seen];
  }

  private async look(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
      const files = processes.flatMap((id) => [`/proc/${id}/cmdline`, `/proc/${id}/environ`]);
      // A process may end at any time; others' environments can't be read without root.
      const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
      for (const part of texts.join("\0").split("\0")) this.seen.add(part);
      await pause(30);
    }
  }
}
