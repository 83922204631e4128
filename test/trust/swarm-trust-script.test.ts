import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { trustScript } from "../../components/trust/swarm/trust-script.ts";
import { poll } from "../support/poll.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("what a task of SwarmTrust does on its node", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let certs: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    certs = join(folder.path, "certs.d");
    await writeFile(join(folder.path, "ca.crt"), "CA 1\n");
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  const task = (mode: string, folders: string[]) => {
    const args = [mode, certs, "trust", join(folder.path, "ca.crt"), ...folders];
    return execa("sh", ["-c", trustScript, "sh", ...args], { reject: false, timeout: 10_000 });
  };
  /** Runs it until it is done with its first look; then it is stopped as a swarm does. */
  const keep = async (...folders: string[]) => {
    const running = task("keep", folders);
    let ended = false;
    const end = running.finally(() => {
      ended = true;
    });
    const record = join(certs, ".registry-kit-trust");
    await poll("the first look", async () => {
      if (ended) return true;
      const { stdout } = await execa("ps", ["--ppid", String(running.pid), "-o", "comm="], { reject: false });
      return stdout.includes("sleep") && (await stat(record)) ? true : undefined;
    });
    running.kill("SIGTERM");
    return await end;
  };
  const files = async () => (await readdir(certs, { recursive: true })).toSorted();
  const content = (name: string) => readFile(join(certs, name, "ca.crt"), "utf8");

  it("writes a file a registry, 0444, and ends at once when told to", async () => {
    const { exitCode } = await keep("registry.test:5000", "[::1]:5000", "registry.test");
    expect(exitCode).toBe(0);
    expect(await content("[::1]:5000")).toBe("CA 1\n");
    expect((await stat(join(certs, "registry.test", "ca.crt"))).mode & 0o7777).toBe(0o444);
    expect((await stat(certs)).mode & 0o7777).toBe(0o755);
  });

  it("removes everything again, certs.d too where there was none", async () => {
    await keep("a.test:5000", "b.test:5000");
    expect((await task("remove", [])).exitCode).toBe(0);
    expect(await readdir(folder.path)).toEqual(["ca.crt"]);
    expect((await task("remove", [])).exitCode).toBe(0);
  });

  it("replaces the certificate, and removes what is no longer wanted", async () => {
    await keep("a.test:5000", "b.test:5000");
    await writeFile(join(folder.path, "ca.crt"), "CA 2\n");
    await keep("b.test:5000", "c.test:5000");
    expect(await content("b.test:5000")).toBe("CA 2\n");
    expect(await files()).toEqual([
      ".registry-kit-trust",
      "b.test:5000",
      "b.test:5000/ca.crt",
      "c.test:5000",
      "c.test:5000/ca.crt",
    ]);
    await task("remove", []);
    expect(await readdir(folder.path)).toEqual(["ca.crt"]);
  });

  it("touches nothing when a different ca.crt or a foreign link is in the way", async () => {
    await mkdir(join(certs, "a.test:5000"), { recursive: true });
    await writeFile(join(certs, "a.test:5000", "ca.crt"), "other\n");
    const { exitCode, stderr } = await keep("b.test:5000", "a.test:5000");
    expect(exitCode).toBe(3);
    expect(stderr).toContain(join(certs, "a.test:5000/ca.crt"));
    expect(await content("a.test:5000")).toBe("other\n");
    expect(await files()).not.toContain("b.test:5000");

    await mkdir(join(certs, "c.test:5000"));
    await symlink(join(folder.path, "ca.crt"), join(certs, "c.test:5000", "ca.crt"));
    expect((await keep("c.test:5000")).exitCode).toBe(3);
  });

  it("uses an equal foreign file, and leaves it there", async () => {
    await mkdir(join(certs, "a.test:5000"), { recursive: true });
    await writeFile(join(certs, "a.test:5000", "ca.crt"), "CA 1\n");
    expect((await keep("a.test:5000")).exitCode).toBe(0);
    await task("remove", []);
    expect(await files()).toEqual(["a.test:5000", "a.test:5000/ca.crt"]);
  });

  it("leaves a file that was changed since, and folders with more in them", async () => {
    await keep("a.test:5000", "b.test:5000");
    await chmod(join(certs, "a.test:5000", "ca.crt"), 0o644);
    await writeFile(join(certs, "a.test:5000", "ca.crt"), "changed\n");
    await writeFile(join(certs, "b.test:5000", "client.cert"), "mine\n");
    expect((await keep("a.test:5000")).exitCode).toBe(3);
    await task("remove", []);
    expect(await files()).toEqual(["a.test:5000", "a.test:5000/ca.crt", "b.test:5000", "b.test:5000/client.cert"]);
  });
});
