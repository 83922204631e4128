import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import tar from "tar-stream";
import { isNotFound } from "../../lib/docker/docker-client.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import { helperLimits } from "./helper-limits.ts";
import { helperLabel, removeHelpers } from "./helpers.ts";

/** A file to put into a volume. */
export interface VolumeFile {
  /** Name in the volume's top folder. */
  name: string;
  content: string;
  /** Permission bits, for example 0o400. */
  mode: number;
}

export interface VolumeOwner {
  uid: number;
  gid: number;
}

/** What a file looks like in the volume; the digest is SHA-256 in hex. */
export interface LiveFile extends VolumeOwner {
  digest: string;
  mode: number;
}

const mountPoint = "/files";
const stage = ".next";
/** Moves staged files over the live ones. `touch` gives each a new time stamp to the nanosecond. */
const moveScript = `cd ${mountPoint}/${stage} && for f in "$@"; do touch "$f" && mv -f "$f" "../$f" || exit 1; done; rm -rf ${mountPoint}/${stage}`;

/**
 * Reads and writes files in a volume of any Docker engine, local or remote, through the engine's own API: the
 * volume is mounted into a helper container, and files pass as a tar archive, never through argv or
 * environment. The helper runs only where files that a container may be reading are replaced.
 */
export class VolumeWriter {
  private readonly docker: Docker;
  private readonly volume: string;
  private readonly image: string;

  /** @param image an image that is on the engine already and holds /bin/sh, mv and touch. */
  constructor(docker: Docker, volume: string, image: string) {
    this.docker = docker;
    this.volume = volume;
    this.image = image;
  }

  /** Writes the files that are not there yet, so that nobody reads them. Returns those that are, untouched. */
  async writeMissing<File extends VolumeFile>(files: File[], owner: VolumeOwner): Promise<File[]> {
    return await this.withHelper([], async (helper) => {
      const live = await liveFiles(helper);
      const missing = files.filter(({ name }) => !live.has(name));
      if (missing.length > 0) await helper.putArchive(await archive(missing, owner), { path: mountPoint });
      return files.filter(({ name }) => live.has(name));
    });
  }

  /** Replaces files under the eyes of readers: each one is either the old one or the new one, never half of it. */
  async replace(files: VolumeFile[], owner: VolumeOwner): Promise<void> {
    if (files.length === 0) return;
    const names = files.map((file) => file.name);
    await this.withHelper(names, async (helper) => {
      const staged = files.map((file) => ({ ...file, name: `${stage}/${file.name}` }));
      await helper.putArchive(await archive(staged, owner), { path: mountPoint });
      await helper.start();
      const { StatusCode } = (await helper.wait()) as { StatusCode: number };
      if (StatusCode !== 0) {
        const output = await helper.logs({ stdout: true, stderr: true });
        throw new Error(
          `Replacing ${names.join(", ")} in volume ${this.volume} failed: ${output.toString("utf8").trim()}`,
        );
      }
    });
  }

  /** What is in the volume now; undefined where the volume does not exist. */
  async read(): Promise<Map<string, LiveFile> | undefined> {
    try {
      await this.docker.getVolume(this.volume).inspect();
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
    return await this.withHelper([], liveFiles);
  }

  /** The text of one file; undefined where the volume or the file does not exist. Nothing runs for it: any image will do. */
  async readText(name: string): Promise<string | undefined> {
    try {
      await this.docker.getVolume(this.volume).inspect();
      return await this.withHelper([], async (helper) => {
        const stream = await helper.getArchive({ path: `${mountPoint}/${name}` });
        for await (const entry of Readable.from(stream as NodeJS.ReadableStream).pipe(tar.extract())) {
          if (entry.header.type === "file") return (await buffer(entry)).toString("utf8");
          entry.resume();
        }
        return undefined;
      });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private async withHelper<T>(moved: string[], use: (helper: Docker.Container) => Promise<T>): Promise<T> {
    await removeHelpers(this.docker, this.volume);
    const helper = await this.docker.createContainer({
      Image: this.image,
      Entrypoint: ["/bin/sh", "-c", moveScript, "sh"],
      Cmd: moved,
      User: "0:0",
      Labels: { [helperLabel]: this.volume },
      HostConfig: {
        // It moves files of other users, and gives them time stamps. Most helpers never start.
        ...helperLimits(moved.length > 0 ? ["DAC_OVERRIDE", "FOWNER"] : []),
        Mounts: [{ Type: "volume", Source: this.volume, Target: mountPoint, VolumeOptions: noCopy }],
      },
    });
    try {
      return await use(helper);
    } finally {
      await helper.remove({ force: true, v: true });
    }
  }
}

/** What is in the volume that the helper has mounted. */
async function liveFiles(helper: Docker.Container): Promise<Map<string, LiveFile>> {
  const stream = await helper.getArchive({ path: `${mountPoint}/.` });
  const files = new Map<string, LiveFile>();
  for await (const entry of Readable.from(stream as NodeJS.ReadableStream).pipe(tar.extract())) {
    if (entry.header.type !== "file") {
      entry.resume();
      continue;
    }
    const digest = sha256(await buffer(entry));
    const { name, mode = 0, uid = 0, gid = 0 } = entry.header;
    files.set(name.replace(/^(\.\/|files\/)/, ""), { digest, mode: mode & 0o7777, uid, gid });
  }
  return files;
}

/** Nothing of the image may be copied into a new volume. */
const noCopy = { NoCopy: true } as Docker.MountSettings["VolumeOptions"] & { NoCopy: true };

/** Files as a tar archive, with one owner. */
export async function archive(files: VolumeFile[], owner: VolumeOwner): Promise<Buffer> {
  const pack = tar.pack();
  const mtime = new Date();
  for (const { name, content, mode } of files) pack.entry({ ...owner, name, mode, mtime }, content);
  pack.finalize();
  return await buffer(pack);
}
