import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { dockerHost } from "../../lib/docker/docker-host.ts";
import { stateDirectory } from "../session/session.ts";

const content = z.object({ volumes: z.array(z.string()), docker: dockerHost });

/** What a purge still has to remove when the state knows nothing of it any more. */
export type PurgeRecord = z.infer<typeof content>;

/**
 * Written before a purge begins and removed at its end, so that one that was cut off goes on where it was; and by an `up`, which
 * takes the purge back: a later one asks about what the stack has then.
 */
export class PurgeRecordFile {
  private readonly path: string;

  constructor(stack: string) {
    this.path = join(stateDirectory, "purging", `${stack}.json`);
  }

  read(): PurgeRecord | undefined {
    return existsSync(this.path) ? content.parse(JSON.parse(readFileSync(this.path, "utf8"))) : undefined;
  }

  write(record: PurgeRecord): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    writeFileSync(this.path, JSON.stringify(record), { flush: true });
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
