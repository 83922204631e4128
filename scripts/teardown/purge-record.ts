import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { dockerHost } from "../../components/docker-host/docker-host.ts";

const content = z.object({ volumes: z.array(z.string()), docker: dockerHost });

/** What a purge still has to remove when the state knows nothing of it any more. */
export type PurgeRecord = z.infer<typeof content>;

/** Written before a purge begins and removed at its end, so that one that was cut off goes on where it was. */
export class PurgeRecordFile {
  private readonly path: string;

  /** @param path `.state/purging/<stack>.json` */
  constructor(path: string) {
    this.path = path;
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
