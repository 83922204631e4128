import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unknownValue } from "../../engine/protocol/property-value.ts";
import { makeAuthority } from "../support/openssl-certificates.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { snapshot } from "./snapshot.ts";
import { TrustStack } from "./trust-stack.ts";

const isRoot = process.geteuid?.() === 0;

describe.skipIf(!isRoot)(
  `without root's rights${isRoot ? "" : " (skipped: only root can become another user)"}`,
  () => {
    let root: Awaited<ReturnType<typeof temporaryFolder>>;
    let certsDirectory: string;
    let ca: string;

    beforeEach(async () => {
      root = await temporaryFolder();
      certsDirectory = join(root.path, "etc", "certs.d");
      await mkdir(certsDirectory, { recursive: true });
      ca = await makeAuthority(root.path, "ca");
    });

    afterEach(() => root[Symbol.asyncDispose]());

    const settings = (changes: object = {}) => ({
      hosts: ["registry.test", "::1"],
      port: 5000,
      certificatePem: ca,
      connection: { type: "local" },
      certsDirectory,
      ...changes,
    });

    async function asNobody(inputs: object, state?: object) {
      const script = fileURLToPath(new URL("as-nobody.ts", import.meta.url));
      const { stdout } = await execa(process.execPath, [script, JSON.stringify({ inputs, state })], {
        timeout: 30_000,
      });
      return JSON.parse(stdout) as { problems: string[]; action?: string; state: NonNullable<TrustStack["state"]> };
    }

    it.each([
      ["can't write it", () => Promise.resolve()],
      ["can't even look into it", () => chmod(join(root.path, "etc"), 0o700)],
    ])("preview says what to run instead when it %s", async (_, prepare) => {
      await prepare();
      const before = await snapshot(root.path);
      const { problems } = await asNobody(settings());
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain("certsDirectory: can't be written (EACCES: permission denied");
      expect(problems[0]).toContain('Run "sudo npm run up", or set "trust: none"');
      expect(problems[0]).toContain(
        `sudo install -D -m 0444 ca.crt '${certsDirectory}/registry.test:5000/ca.crt' && ` +
          `sudo install -D -m 0444 ca.crt '${certsDirectory}/[::1]:5000/ca.crt'`,
      );
      expect(await snapshot(root.path)).toEqual(before);
    });

    it("the first preview says so too, when the certificate is not known yet", async () => {
      const { problems } = await asNobody(settings({ certificatePem: unknownValue }));
      expect(problems).toEqual([expect.stringContaining("sudo npm run up")]);
    });

    it("the commands that it names do what the kit would have done", async () => {
      const { problems } = await asNobody(settings());
      const commands = problems[0]?.split("run: ")[1]?.replaceAll("sudo ", "") ?? "";
      await execa("sh", ["-ec", commands.replaceAll(" ca.crt ", ` ${join(root.path, "ca.crt")} `)]);
      const byHand = await snapshot(certsDirectory);
      await new TrustStack().up(settings());
      expect(await snapshot(certsDirectory)).toEqual(byHand);
    });

    it("a preview of what root has put in place has no complaint", async () => {
      const stack = new TrustStack();
      await stack.up(settings());
      expect(await asNobody(settings(), stack.state)).toMatchObject({ problems: [], action: "none" });
      expect((await asNobody(settings({ port: 5001 }), stack.state)).problems).toEqual([
        expect.stringContaining("sudo npm run up"),
      ]);
    });

    it("a certs.d of the user's own, as rootless Docker has it, is written with the user's rights", async () => {
      await chown(certsDirectory, 65534, 65534);
      const { problems, action, state } = await asNobody(settings());
      expect({ problems, action }).toEqual({ problems: [], action: "create" });
      expect((await snapshot(certsDirectory))["[::1]:5000/ca.crt"]).toBe(`file 0444 65534:65534 ${ca}`);
      expect((await asNobody(settings(), state)).action).toBe("none");
    });
  },
);

describe("a first preview, with the certificate not known yet", () => {
  it("refuses a ca.crt of somebody else already", async () => {
    await using root = await temporaryFolder();
    const path = join(root.path, "registry.test", "ca.crt");
    await mkdir(dirname(path));
    await writeFile(path, await makeAuthority(root.path, "ca"));
    const inputs = { hosts: ["registry.test"], port: 443, certificatePem: unknownValue, connection: { type: "local" } };
    const problems = await new TrustStack().problems({ ...inputs, certsDirectory: root.path });
    expect(problems).toEqual([expect.stringContaining(`${path} is there already and holds the certificate`)]);
  });

  it("has no complaint about a node that is free", async () => {
    await using root = await temporaryFolder();
    const inputs = { hosts: ["registry.test"], port: 443, certificatePem: unknownValue, connection: { type: "local" } };
    expect(await new TrustStack().problems({ ...inputs, certsDirectory: root.path })).toEqual([]);
  });
});
