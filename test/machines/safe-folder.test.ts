import { spawn } from "node:child_process";
import { chmod, chown, lchown, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localNode } from "../../components/machines/local-node.ts";
import type { Node } from "../../components/machines/node.ts";
import { RemoteShell } from "../../components/machines/shell/remote-shell.ts";
import { shellNode } from "../../components/machines/shell/shell-node.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const isRoot = process.geteuid?.() === 0;

describe.skipIf(!isRoot)(`what root writes${isRoot ? "" : " (skipped: only root can give folders away)"}`, () => {
  let root: Awaited<ReturnType<typeof temporaryFolder>>;
  let folder: string;
  let path: string;
  const shells: RemoteShell[] = [];

  beforeEach(async () => {
    root = await temporaryFolder();
    folder = join(root.path, "certs.d", "r.test:5000");
    path = join(folder, "ca.crt");
    await mkdir(folder, { recursive: true });
  });
  afterEach(async () => {
    for (const shell of shells.splice(0)) shell.end();
    await root[Symbol.asyncDispose]();
  });

  const nodes: [string, () => Promise<Node>][] = [
    ["here", async () => localNode],
    [
      "by a shell",
      async () => {
        const shell = await RemoteShell.start(
          async (command) => {
            const child = spawn("sh", ["-c", command], { stdio: "pipe" });
            const onEnd = (listener: () => void) => void child.once("close", listener);
            return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, close: () => child.kill(), onEnd };
          },
          { name: "node", sudo: false },
        );
        shells.push(shell);
        return shellNode(shell);
      },
    ],
  ];
  const unsafe: [string, () => Promise<unknown>][] = [
    [
      "belongs to a user, and is none of a registry's",
      async () => {
        folder = join(root.path, "certs.d", "r.test:5000", "below");
        path = join(folder, "ca.crt");
        await mkdir(folder);
        await chown(folder, 1234, 0);
      },
    ],
    [
      "is a link of a user's in a folder like /tmp",
      async () => {
        await chmod(root.path, 0o1777);
        await mkdir(join(root.path, "certs.d", "r.test:5000", "roots"));
        await symlink(join(root.path, "certs.d"), join(root.path, "link"));
        await lchown(join(root.path, "link"), 1234, 1234);
        folder = join(root.path, "link", "r.test:5000");
        path = join(folder, "ca.crt");
      },
    ],
    ["is below one that belongs to a user", () => chown(dirname(folder), 1234, 1234)],
    ["everybody can write in", () => chmod(folder, 0o777)],
    [
      "a group can write in",
      async () => {
        await chown(folder, 0, 1234);
        await chmod(folder, 0o775);
      },
    ],
    [
      "is a link into a user's",
      async () => {
        await mkdir(join(root.path, "theirs"));
        await chown(join(root.path, "theirs"), 1234, 1234);
        folder = join(root.path, "certs.d", "link.test");
        path = join(folder, "ca.crt");
        await symlink(join(root.path, "theirs"), folder);
      },
    ],
  ];

  const file = { content: "new", mode: "0444", owner: "0:0" };
  const cases = nodes.flatMap(([where, open]) => unsafe.map(([how, make]) => ({ where, open, how, make })));

  it.each(cases)("$where does not go into a folder that $how", async ({ open, make }) => {
    await writeFile(join(folder, "ca.crt"), "old");
    await make();
    const node = await open();
    const said = "can be changed by a user who is not root";
    expect(await node.writeObstacle(folder)).toContain(said);
    await expect(node.write(path, file)).rejects.toThrow(said);
    await expect(node.remove(path)).rejects.toThrow(said);
    await expect(node.makeFolder(join(folder, "more"))).rejects.toThrow(said);
    expect(await readFile(join(root.path, "certs.d", "r.test:5000", "ca.crt"), "utf8")).toBe("old");
  });

  it.each(nodes)("%s takes the folder of a registry back that a user was given", async (_, open) => {
    await writeFile(join(root.path, "theirs"), "theirs");
    await symlink(join(root.path, "theirs"), path);
    await chown(folder, 1234, 1234);
    const node = await open();
    expect(await node.writeObstacle(folder)).toBeUndefined();
    expect((await stat(folder)).uid).toBe(1234);
    await node.write(path, file);
    expect([(await stat(folder)).uid, (await stat(path)).uid, await readFile(path, "utf8")]).toEqual([0, 0, "new"]);
    expect(await readFile(join(root.path, "theirs"), "utf8")).toBe("theirs");
    await chown(folder, 1234, 1234);
    await chmod(folder, 0o777);
    expect(await node.writeObstacle(folder)).toContain("can be changed by a user who is not root");
  });

  it.each(nodes)("%s goes where only root can write, also below a folder like /tmp", async (_, open) => {
    await chmod(dirname(folder), 0o1777);
    const node = await open();
    expect(await node.writeObstacle(folder)).toBeUndefined();
    await node.write(path, file);
    expect(await readFile(path, "utf8")).toBe("new");
    await node.remove(path);
  });
});
