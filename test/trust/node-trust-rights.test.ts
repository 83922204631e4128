import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { unknownValue } from "../../lib/protocol/property-value.ts";
import { makeAuthority } from "../support/openssl-certificates.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { snapshot } from "./snapshot.ts";
import { TrustStack } from "./trust-stack.ts";

interface AsNobody {
  problems: string[];
  action?: string;
  error?: string;
  log: string[];
  state: NonNullable<TrustStack["state"]>;
  refreshed?: TrustStack["state"];
}

const isRoot = process.geteuid?.() === 0;

describe.skipIf(!isRoot)(
  `without root's rights${isRoot ? "" : " (skipped: only root can become another user)"}`,
  () => {
    let root: Awaited<ReturnType<typeof temporaryFolder>>;
    let certsDirectory: string;
    let ca: string;
    let nobody: ChildProcessWithoutNullStreams;
    let answers: AsyncIterator<string>;

    beforeAll(() => {
      nobody = spawn(process.execPath, [fileURLToPath(new URL("../support/as-nobody.ts", import.meta.url))]);
      answers = createInterface(nobody.stdout)[Symbol.asyncIterator]();
    });
    afterAll(() => void nobody.kill());

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

    async function asNobody(inputs: object, state?: object, work: "up" | "down" = "up") {
      nobody.stdin.write(`${JSON.stringify({ inputs, state, work })}\n`);
      const { value } = await answers.next();
      return JSON.parse(value) as AsNobody;
    }

    /** The command at the end of a message, as root runs it. */
    const commandIn = (message = "") =>
      message.slice(message.search(/sudo (chmod|install|rm) /)).replaceAll("sudo ", "");

    it.each([
      ["can't write it", () => Promise.resolve(), ""],
      [
        "can't even look into it",
        () => chmod(join(root.path, "etc"), 0o700),
        () => `sudo chmod a+x '${join(root.path, "etc")}' && `,
      ],
    ])("preview says what to run first when it %s", async (_, prepare, first) => {
      await prepare();
      const before = await snapshot(root.path);
      const { problems } = await asNobody(settings());
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain("certsDirectory: can't be written by this user (EACCES: permission denied");
      expect(problems[0]).toContain(
        `Run this, then the same command again: ${typeof first === "string" ? first : first()}` +
          `sudo install -d -o nobody '${certsDirectory}/registry.test:5000'`,
      );
      expect(problems[0]).not.toContain("npm");
      expect(await snapshot(root.path)).toEqual(before);
      await execa("sh", ["-ec", commandIn(problems[0])]);
      expect(await asNobody(settings())).toMatchObject({ problems: [], action: "create" });
    });

    it("root goes on with what the command gave to the user, and the user with what root wrote", async () => {
      const host = (more: object = {}) => settings({ hosts: ["registry.test"], ...more });
      await execa("sh", ["-ec", commandIn((await asNobody(host())).problems[0])]);
      const stack = new TrustStack();
      stack.state = (await asNobody(host())).state;
      expect(await stack.up(host())).toBe("none");
      const next = host({ certificatePem: await makeAuthority(root.path, "next") });
      expect([await stack.problems(next), await stack.up(next)]).toEqual([[], "update"]);
      expect(await asNobody(next, stack.state)).toMatchObject({ problems: [], action: "none" });
      await execa("sh", ["-ec", commandIn((await asNobody(host(), stack.state)).problems[0])]);
      const { state, ...seen } = await asNobody(host(), stack.state);
      expect(seen).toMatchObject({ problems: [], action: "update" });
      stack.state = state;
      await stack.down();
      expect(await snapshot(certsDirectory)).toEqual({ "registry.test:5000": "folder 0755 0:0" });
    });

    it("the first preview says so too, when the certificate is not known yet", async () => {
      const { problems } = await asNobody(settings({ certificatePem: unknownValue }));
      expect(problems).toEqual([expect.stringContaining("sudo install -d -o nobody")]);
    });

    it("goes on without the files of loopback hosts, says so each time, and adds them when it can", async () => {
      const loopback = settings({ hosts: ["127.0.0.1", "localhost"] });
      const paths = ["127.0.0.1", "localhost"].map((host) => `${certsDirectory}/${host}:5000/ca.crt`);
      const first = await asNobody(loopback);
      expect(first).toMatchObject({
        problems: [],
        action: "create",
        state: { outputs: { files: [], leftOut: paths } },
      });
      expect(first.log.at(-1)).toMatch(
        /^info: left out: \S+, \S+\. .*run this, then "up" again: sudo install -d -o nobody/,
      );
      const second = await asNobody(loopback, first.state);
      expect(second).toMatchObject({ problems: [], action: "none", state: first.state });
      expect(second.refreshed).toEqual(first.state);

      await execa("sh", ["-ec", commandIn(first.log.at(-1))]);
      const third = await asNobody(loopback, second.state);
      expect(third.action).toBe("update");
      expect(third.log).toEqual(paths.map((path) => `info: ${path} can be written now`));
      expect((await snapshot(certsDirectory))["localhost:5000/ca.crt"]).toBe(`file 0444 65534:65534 ${ca}`);
      expect(third.state.outputs).not.toHaveProperty("leftOut");
      expect((await asNobody(loopback, third.state)).action).toBe("none");
    });

    it("takes a file that root has put in place since for what it is", async () => {
      const loopback = settings({ hosts: ["localhost"] });
      const { state } = await asNobody(loopback);
      await mkdir(join(certsDirectory, "localhost:5000"));
      await writeFile(join(certsDirectory, "localhost:5000", "ca.crt"), ca, { mode: 0o444 });
      const next = await asNobody(loopback, state);
      expect(next.action).toBe("update");
      expect((await asNobody(loopback, next.state)).action).toBe("none");
      expect((await asNobody(loopback, next.state, "down")).state).toBeUndefined();
      expect((await snapshot(certsDirectory))["localhost:5000/ca.crt"]).toBe(`file 0444 0:0 ${ca}`);
    });

    it("down leaves what only root can remove for loopback hosts, and fails with the command for others", async () => {
      const stack = new TrustStack();
      await stack.up(settings({ hosts: ["localhost"] }));
      const path = `${certsDirectory}/localhost:5000/ca.crt`;
      const gone = await asNobody(settings(), stack.state, "down");
      expect(gone.log).toEqual([
        `warning: ${path} can be removed only by root, and Docker does not use it for a loopback host: left. To remove it: sudo rm '${path}'`,
      ]);
      await stack.up(settings({ hosts: ["registry.test"] }));
      const kept = await asNobody(settings(), stack.state, "down");
      expect(kept.error).toContain(`Run this, then try again: sudo rm '${certsDirectory}/registry.test:5000/ca.crt'`);
      await execa("sh", ["-ec", commandIn(kept.error)]);
      expect(await asNobody(settings(), stack.state, "down")).not.toHaveProperty("error");
    });

    it("a preview of what root has put in place has no complaint", async () => {
      const stack = new TrustStack();
      await stack.up(settings());
      expect(await asNobody(settings(), stack.state)).toMatchObject({ problems: [], action: "none" });
      expect((await asNobody(settings({ port: 5001 }), stack.state)).problems).toEqual([
        expect.stringContaining("sudo install -d -o nobody"),
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
  it("refuses a foreign ca.crt already", async () => {
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
