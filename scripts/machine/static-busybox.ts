import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { apt } from "./apt.ts";
import { findProgram } from "./find-program.ts";
import type { Report } from "./prerequisite.ts";

/** Go's names of architectures: the number in an ELF header, and Debian's name. */
const architectures: Record<string, { machine: number; debian: string }> = {
  "386": { machine: 3, debian: "i386" },
  amd64: { machine: 62, debian: "amd64" },
  arm: { machine: 40, debian: "armhf" },
  arm64: { machine: 183, debian: "arm64" },
  ppc64le: { machine: 21, debian: "ppc64el" },
  riscv64: { machine: 243, debian: "riscv64" },
  s390x: { machine: 22, debian: "s390x" },
};

/**
 * A static busybox for the image's shell: one of this machine, else taken out of the package of Debian or Ubuntu.
 * Nothing is installed: the package is unpacked in the cache, so that neither root nor the same architecture is needed.
 *
 * @param architecture in Go's terms, of the machine that will run it
 * @returns the program's path
 */
export async function findStaticBusybox(report: Report, architecture: string, cacheDirectory: string): Promise<string> {
  const cached = join(cacheDirectory, `busybox-${architecture}`);
  const candidates = [cached, findProgram("busybox"), findProgram("busybox.static")];
  const present = candidates.find(
    (file) => file && existsSync(file) && isStaticProgram(readFileSync(file), architecture),
  );
  if (present) return present;
  const debian = architectures[architecture]?.debian;
  if (!debian || !findProgram("apt-get") || !findProgram("dpkg-deb")) {
    throw new Error(`there is no static busybox for linux/${architecture} on PATH`);
  }
  report(`Busybox: no static one for linux/${architecture}, taking it out of the package busybox-static`);
  mkdirSync(cacheDirectory, { recursive: true });
  const folder = await mkdtemp(join(cacheDirectory, "busybox-"));
  try {
    await unpackPackage("busybox-static", debian, folder);
    const program = ["bin/busybox", "usr/bin/busybox"].map((path) => join(folder, "root", path)).find(existsSync);
    if (!program || !isStaticProgram(readFileSync(program), architecture)) {
      throw new Error(`the package busybox-static holds no static busybox for linux/${architecture}`);
    }
    await copyFile(program, `${cached}.new`);
    await rename(`${cached}.new`, cached);
    return cached;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Downloads a package with lists of its own (the system's may be missing, old, or of another architecture) and unpacks it in `root`. */
async function unpackPackage(name: string, architecture: string, folder: string): Promise<void> {
  mkdirSync(join(folder, "lists", "partial"), { recursive: true });
  const options = [
    `Dir::State::Lists=${join(folder, "lists")}`,
    `Dir::Cache=${folder}`,
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    // apt's own user can't write in a project's folder.
    "APT::Sandbox::User=",
    "Acquire::Languages=none",
  ].flatMap((option) => ["-o", option]);
  await apt("apt-get", [...options, "update"], 300, folder);
  await apt("apt-get", [...options, "download", name], 300, folder);
  const file = readdirSync(folder).find((entry) => entry.endsWith(".deb"));
  if (!file) throw new Error(`apt-get download ${name} left no package`);
  await execa("dpkg-deb", ["-x", join(folder, file), join(folder, "root")], { timeout: 60_000 });
}

/** Whether these bytes are an ELF program for that architecture that needs no dynamic linker (no PT_INTERP segment). */
export function isStaticProgram(bytes: Buffer, architecture: string): boolean {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46) return false;
  const wide = bytes[4] === 2;
  const little = bytes[5] === 1;
  const read = (offset: number, size: number) =>
    little ? bytes.readUIntLE(offset, size) : bytes.readUIntBE(offset, size);
  if (read(18, 2) !== architectures[architecture]?.machine) return false;
  const table = wide ? read(little ? 32 : 34, 6) : read(28, 4);
  const size = read(wide ? 54 : 42, 2);
  const count = read(wide ? 56 : 44, 2);
  const segments = Array.from({ length: count }, (_, index) => table + index * size);
  return segments.every((offset) => offset + 4 <= bytes.length && read(offset, 4) !== 3);
}
