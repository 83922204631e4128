import { randomBytes } from "node:crypto";
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findProgram } from "../../../scripts/machine/find-program.ts";
import { pullImage } from "../../../scripts/machine/image-pull.ts";
import { ensureRegistryImage, versionToBuild } from "../../../scripts/machine/registry-image.ts";
import { isStaticProgram } from "../../../scripts/machine/static-busybox.ts";

const docker = new Docker({ socketPath: "/var/run/docker.sock" });
// A registry that refuses at once: the suite must not depend on what can be pulled.
const repository = `127.0.0.1:1/kit-${randomBytes(4).toString("hex")}`;
const image = `${repository}:3.1.2`;
/** Of this one even a build is refused, whatever the machine has. */
const unobtainable = `${repository}:3.1.1`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kit-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await remove(image);
  await remove(`${repository}:other`);
});

async function remove(name: string) {
  await docker
    .getImage(name)
    .remove()
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 404) throw error;
    });
}

async function ensure(options: { name?: string; install?: boolean; archive?: string; cacheDirectory?: string } = {}) {
  const lines: string[] = [];
  const found = await ensureRegistryImage((line) => lines.push(line), {
    install: options.install ?? true,
    docker,
    image: options.name ?? image,
    archive: options.archive,
    archiveSetting: "image.archive",
    cacheDirectory: options.cacheDirectory ?? folder,
  });
  return { ...found, lines };
}

/** Makes a small image of that name and writes it as `docker save` does. */
async function saved(name: string, gzip = false): Promise<string> {
  const file = join(folder, gzip ? "image.tar.gz" : "image.tar");
  const [, repo, tag] = /^(.*):([^:]+)$/.exec(name) ?? [];
  const container = await docker.createContainer({ Image: await anyImage(), Cmd: ["none"] });
  try {
    await container.commit({ repo, tag });
  } finally {
    await container.remove();
  }
  const target = createWriteStream(file);
  const source = await docker.getImage(name).get();
  await (gzip ? pipeline(source, createGzip(), target) : pipeline(source, target));
  return file;
}

/** An image with nothing in it, made on the spot. */
async function anyImage(): Promise<string> {
  const name = `${repository}:other`;
  const archive = join(folder, "empty.tar");
  writeFileSync(archive, Buffer.alloc(1024));
  const stream = await docker.importImage(archive, { repo: repository, tag: "other" });
  await new Promise((resolve) => docker.modem.followProgress(stream, resolve));
  return name;
}

describe("the registry's image", () => {
  it("is taken as it is where it is present", async () => {
    await saved(image);
    const { source, id, lines } = await ensure({ install: false });
    expect(source).toBe("present");
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(lines).toEqual([`Registry image: ${image}, present`]);
  });

  it.each([false, true])("is loaded from an archive of docker save (gzipped: %s)", async (gzip) => {
    const archive = await saved(image, gzip);
    const { Id } = await docker.getImage(image).inspect();
    await remove(image);
    const { source, id, lines } = await ensure({ archive });
    expect({ source, id }).toEqual({ source: "loaded", id: Id });
    expect(lines.at(-1)).toMatch(new RegExp(`^Registry image: ${image}, loaded from ${archive} \\([\\d.]+ s\\)$`));
  });

  it("is not taken from an archive of another image, which is left unloaded", async () => {
    const archive = await saved(`${repository}:other`);
    await remove(`${repository}:other`);
    const reason = `${archive} holds ${repository}:other, not ${unobtainable}`;
    await expect(ensure({ name: unobtainable, archive })).rejects.toThrow(reason);
    await expect(docker.getImage(`${repository}:other`).inspect()).rejects.toThrow("no such image");
  });

  it.each([
    ["is absent", undefined, /archive: ENOENT/],
    ["is no archive", "not a tar file, but long enough".repeat(100), /image\.tar is no archive of "docker save"/],
    ["is cut off", Buffer.from([0x1f, 0x8b, 8, 0]), /image\.tar is no archive of "docker save"/],
  ])("whose archive %s is named in the error", async (_name, content, message) => {
    const archive = join(folder, "image.tar");
    if (content) writeFileSync(archive, content);
    await expect(ensure({ name: unobtainable, archive })).rejects.toThrow(message);
  });

  it("that can't be had names all ways, why each failed and what helps", async () => {
    const error = await ensure({ name: unobtainable }).catch((reason: Error) => reason.message);
    expect(error).toContain(`${unobtainable} is not on the Docker host. The ways to get it, and why each failed:`);
    expect(error).toMatch(/- present: docker tag, or docker load/);
    expect(error).toMatch(/- pull: .*connection refused[\s\S]*docker pull/);
    expect(error).toMatch(/- archive: none is named\n.*docker save -o registry\.tar .*image\.archive: registry\.tar/);
    expect(error).toMatch(
      /- build: 3\.1\.1 has known vulnerabilities.*\n.*apt-get install golang-go busybox-static.*GOPROXY/,
    );
  });

  it("is not sought without leave to install: only the ways are named", async () => {
    const error = await ensure({ install: false }).catch((reason: Error) => reason.message);
    expect(error).toMatch(/The ways to get it:\n {2}- present: .*\n {2}- pull: .*\n {2}- archive: .*\n {2}- build: /);
  });
});

describe("a pull", () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it("that makes no progress is given up", async () => {
    // A daemon that takes the request and never says another word.
    server = createServer((_request, response) => response.writeHead(200).flushHeaders());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const silent = new Docker({ protocol: "http", host: "127.0.0.1", port: (server.address() as AddressInfo).port });
    await expect(pullImage(silent, image, 0.3)).rejects.toThrow("no progress for 0.3 s");
  });
});

describe("a build", () => {
  it.each([
    ["registry:3.1.2", "3.1.2"],
    ["mirror.example:5000/library/registry:v3.2.0-rc.1", "3.2.0-rc.1"],
    ["registry:3", "3.1.2"],
    ["registry", "3.1.2"],
    ["mirror.example:5000/registry", "3.1.2"],
  ])("of %s takes release %s", (name, version) => {
    expect(versionToBuild(name)).toBe(version);
  });

  it.each([
    ["registry:3.1.1", "3.1.1 has known vulnerabilities"],
    ["registry:2.8.3", "2.8.3 has known vulnerabilities"],
    ["registry:3.1.2@sha256:00", "pinned by digest"],
  ])("of %s is refused: %s", (name, reason) => {
    expect(() => versionToBuild(name)).toThrow(reason);
  });

  // The first run compiles for minutes, later ones find the program in the project's cache.
  const cacheDirectory = join(import.meta.dirname, "..", "..", "..", ".cache");
  const canBuild = findProgram("go") !== undefined && findProgram("busybox") !== undefined;
  it.skipIf(!canBuild)("gives the official layout (needs Go and a static busybox)", { timeout: 900_000 }, async () => {
    const { source, lines } = await ensure({ cacheDirectory });
    expect(source).toBe("built");
    expect(lines.at(-1)).toMatch(/built from github\.com\/distribution\/distribution\/v3\/cmd\/registry v3\.1\.2/);
    const { Config } = await docker.getImage(image).inspect();
    expect(Config).toMatchObject({
      Entrypoint: ["/entrypoint.sh"],
      Cmd: ["/etc/distribution/config.yml"],
      ExposedPorts: { "5000/tcp": {} },
      Volumes: { "/var/lib/registry": {} },
    });
    expect(Config.Env).toContain("OTEL_TRACES_EXPORTER=none");
    expect(Config.Labels["org.opencontainers.image.version"]).toBe("3.1.2");
    expect(await output("--version")).toBe("registry github.com/distribution/distribution/v3 3.1.2");
    expect(await output("garbage-collect", "--help")).toMatch(/Usage:\s+registry garbage-collect/);
    expect(
      await output("sh", "-c", "id -un; wget 2>&1 | head -1; grep -c BEGIN /etc/ssl/certs/ca-certificates.crt"),
    ).toMatch(/^root\nBusyBox .*\n\d\d+$/);
    const ask = "wget -S -qO- http://127.0.0.1:5000/v2/ 2>&1 | grep HTTP/ && break || sleep 0.1";
    const serve = "registry serve /etc/distribution/config.yml >/dev/null 2>&1 &";
    expect(await output("sh", "-c", `${serve} for i in $(seq 100); do ${ask}; done`)).toMatch(/200 OK/);
  });

  /** What a container of the image prints. */
  async function output(...command: string[]): Promise<string> {
    const container = await docker.createContainer({
      Image: image,
      Cmd: command,
      Tty: true,
      HostConfig: { NetworkMode: "none" },
    });
    try {
      await container.start();
      await container.wait();
      return (await container.logs({ stdout: true, stderr: true })).toString().replaceAll("\r", "").trim();
    } finally {
      await container.remove({ force: true, v: true });
    }
  }
});

describe("a program for the image's shell", () => {
  it.skipIf(!existsSync("/usr/bin/busybox") && !existsSync("/bin/busybox"))(
    "is static and of the right architecture (needs busybox-static)",
    () => {
      const architecture = process.arch === "x64" ? "amd64" : process.arch;
      const busybox = readFileSync(findProgram("busybox") ?? "");
      expect(isStaticProgram(busybox, architecture)).toBe(true);
      expect(isStaticProgram(busybox, "s390x")).toBe(false);
      expect(isStaticProgram(readFileSync(process.execPath), architecture)).toBe(false);
      expect(isStaticProgram(Buffer.from("#!/bin/sh\n".repeat(10)), architecture)).toBe(false);
    },
  );
});
