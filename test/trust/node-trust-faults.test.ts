import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { PartialFailure } from "../../lib/provider/lifecycle.ts";
import { smallDisk, smallDiskObstacle } from "../daemon-json/small-disk.ts";
import { makeAuthority } from "../support/openssl-certificates.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { snapshot } from "./snapshot.ts";
import { TrustStack } from "./trust-stack.ts";

const obstacle = await smallDiskObstacle();
const hosts = ["a.test", "b.test", "c.test"];

describe.skipIf(obstacle)(`a disk that gets full${obstacle ? ` (skipped: ${obstacle})` : ""}`, () => {
  // The disk's root, certs.d, and per host a folder and a file.
  const room = (files: number) => 2 + 2 * files;

  async function settings(disk: string, changes: object = {}) {
    await using folder = await temporaryFolder();
    const certificatePem = await makeAuthority(folder.path, "ca");
    const certsDirectory = join(disk, "certs.d");
    return { hosts, port: 443, certificatePem, connection: { type: "local" }, certsDirectory, ...changes };
  }

  it("at the second of three hosts: what is there is recorded, and the next up does the rest", async () => {
    await using disk = await smallDisk(room(1));
    const inputs = await settings(disk.path);
    const stack = new TrustStack();
    const failure = await stack.up(inputs).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartialFailure);
    const message = (failure as PartialFailure).message;
    expect(message).toMatch(/^1 of 3 files are in place\. .*b\.test\/ca\.crt: ENOSPC.*\n.*c\.test\/ca\.crt: ENOSPC/);
    expect(message).toContain('run "up" again');
    expect(Object.keys(await snapshot(disk.path))).toEqual(["certs.d", "certs.d/a.test", "certs.d/a.test/ca.crt"]);

    await disk.grow(room(3) + 1);
    expect(await stack.up(inputs)).toBe("update");
    expect(stack.log).toEqual(
      ["b", "c"].map((name) => `info: ${disk.path}/certs.d/${name}.test/ca.crt will be written`),
    );
    for (const host of hosts) {
      expect(await readFile(join(disk.path, "certs.d", host, "ca.crt"), "utf8")).toBe(inputs.certificatePem);
    }
    await stack.down();
    expect(await snapshot(disk.path)).toEqual({});
  });

  it("at the second of three hosts: down removes what is there", async () => {
    await using disk = await smallDisk(room(1));
    const stack = new TrustStack();
    await expect(stack.up(await settings(disk.path))).rejects.toThrow(PartialFailure);
    await stack.down();
    expect(await snapshot(disk.path)).toEqual({});
  });

  it("at the first host: nothing was made, nothing is recorded or left", async () => {
    await using disk = await smallDisk(room(0) + 1);
    const stack = new TrustStack();
    await expect(stack.up(await settings(disk.path))).rejects.toThrow(/a\.test\/ca\.crt: ENOSPC/);
    expect(stack.state).toBeUndefined();
    expect(await snapshot(disk.path)).toEqual({});
  });

  it("at a change of certificate: the old files stay whole, hosts that went are gone, the next up converges", async () => {
    await using disk = await smallDisk(room(3) + 1);
    const inputs = await settings(disk.path);
    const stack = new TrustStack();
    await stack.up(inputs);
    // A replacement needs one entry for its temporary file.
    await disk.grow(room(3));
    const changed = await settings(disk.path, { hosts: ["a.test", "b.test"] });
    await expect(stack.up(changed)).rejects.toThrow(/^0 of 2 files are in place/);
    expect(Object.keys(await snapshot(join(disk.path, "certs.d")))).not.toContain("c.test");
    expect(await readFile(join(disk.path, "certs.d", "a.test", "ca.crt"), "utf8")).toBe(inputs.certificatePem);

    expect(await stack.up(changed)).toBe("update");
    expect(await readFile(join(disk.path, "certs.d", "a.test", "ca.crt"), "utf8")).toBe(changed.certificatePem);
    expect(await stack.up(changed)).toBe("none");
    await stack.down();
    expect(await snapshot(disk.path)).toEqual({});
  });

  it("or read-only: preview and teardown say so, and the next down converges", async () => {
    await using disk = await smallDisk(room(3) + 1);
    const stack = new TrustStack();
    const inputs = await settings(disk.path);
    await stack.up(inputs);
    await execa("mount", ["-o", "remount,ro", disk.path]);
    expect(await stack.problems({ ...inputs, port: 5000 })).toEqual([expect.stringContaining("EROFS")]);
    await expect(stack.down()).rejects.toThrow(/a\.test\/ca\.crt: EROFS/);
    await execa("mount", ["-o", "remount,rw", disk.path]);
    await stack.down();
    expect(await snapshot(disk.path)).toEqual({});
  });
});

describe("a run that was killed between a temporary file and its renaming", () => {
  it("leaves nothing after the next up and down", async () => {
    await using root = await temporaryFolder();
    const folder = join(root.path, "certs.d", "a.test");
    await mkdir(folder, { recursive: true });
    await execa("sh", ["-c", 'echo half > "$0/.ca.crt.registry-kit"', folder]);
    const stack = new TrustStack();
    await using authority = await temporaryFolder();
    const certificatePem = await makeAuthority(authority.path, "ca");
    await stack.up({
      hosts: ["a.test"],
      port: 443,
      certificatePem,
      connection: { type: "local" },
      certsDirectory: join(root.path, "certs.d"),
    });
    expect(Object.keys(await snapshot(folder))).toEqual(["ca.crt"]);
    await stack.down();
    expect(await snapshot(folder)).toEqual({});
  });
});
