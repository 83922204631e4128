import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { runEngine } from "../../bench/harness/engine-process.ts";
import type { EngineName } from "../../scripts/engines/engine-name.ts";
import { findProgram } from "../../scripts/machine/find-program.ts";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { pollUntil } from "../support/namespace.ts";
import { makeAuthority } from "../support/openssl-certificates.ts";
import type { SshKeys, SshNode } from "../support/ssh-node.ts";
import { makeSshKeys, sshNodeObstacle, startSshNode } from "../support/ssh-node.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { snapshot } from "./snapshot.ts";

const obstacle = await sshNodeObstacle();

describe.skipIf(obstacle)(`several nodes${obstacle ? ` (skipped: ${obstacle})` : ""}`, { timeout: 180_000 }, () => {
  const names = ["a", "b", "c"];
  let keys: SshKeys;
  let nodes: SshNode[] = [];
  let certificatePem: string;

  beforeAll(async () => {
    keys = await makeSshKeys();
    nodes = await Promise.all(names.map(() => startSshNode(keys, { users: false })));
    certificatePem = await makeAuthority(keys.folder, "ca");
  });
  afterAll(async () => {
    for (const node of nodes) await node[Symbol.asyncDispose]();
    await keys?.[Symbol.asyncDispose]();
  });

  const trusting = async () => {
    const seen = await Promise.all(nodes.map((node) => snapshot(join(node.root, "etc/docker"))));
    return names.filter((_, i) => Object.values(seen[i] ?? {}).includes(`file 0444 0:0 ${certificatePem}`));
  };

  const engines = [
    ["builtin", undefined],
    ["pulumi", findProgram("pulumi") ? undefined : "no pulumi on PATH"],
  ] as const;

  for (const [engine, reason] of engines) {
    it.skipIf(reason)(
      `are done but for one that is down; the next up does that one (engine ${engine})${reason ? ` (skipped: ${reason})` : ""}`,
      async () => {
        await using folder = await temporaryFolder();
        await makeProject(folder.path, nodes, certificatePem);
        const run = runner(folder.path, engine);
        const [first, second] = nodes;
        await second?.stop();
        const failure = await run("up").catch((error: Error) => error.message);
        expect(failure).toContain(`root@127.0.0.1:${second?.connection.port}: can't be reached by ssh`);
        expect(await trusting()).toEqual(["a", "c"]);
        await second?.start();
        // What is done is not asked again.
        await first?.stop();
        await run("up");
        expect(await trusting()).toEqual(names);
        await first?.start();
        await run("destroy");
        expect(await trusting()).toEqual([]);
      },
    );
  }

  it("are in the state as far as a run came that Ctrl-C ended, and the next up does the rest", async () => {
    await using folder = await temporaryFolder();
    await makeProject(folder.path, nodes, certificatePem);
    const [, second] = nodes;
    // Nobody answers there: its step is under way until its time is over.
    await second?.stop();
    await using _silence = await silentPort(second?.connection.port ?? 0);
    const cli = execa(
      process.execPath,
      [join(projectRoot, "engine", "cli.ts"), "up", "--yes", "--skip-preview", "--stack", "nodes"],
      {
        cwd: folder.path,
        env: environment(folder.path),
        reject: false,
        all: true,
        timeout: 90_000,
      },
    );
    await pollUntil("the other nodes are done", 60_000, async () => (await trusting()).length === 2);
    cli.kill("SIGINT");
    expect((await cli).exitCode).not.toBe(0);
    expect((await cli).timedOut).toBe(false);
    await _silence[Symbol.asyncDispose]();
    await second?.start();
    const run = runner(folder.path, "builtin");
    await run("up");
    expect(await trusting()).toEqual(names);
    await run("destroy");
    expect(await trusting()).toEqual([]);
  });
});

function environment(folder: string) {
  return { PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href, PULUMI_CONFIG_PASSPHRASE: "test" };
}

function runner(project: string, wanted: EngineName) {
  const context = { project, stack: "nodes", environment: environment(project), quiet: true };
  return (operation: "up" | "destroy") => runEngine({ context, wanted, operation });
}

/** Takes connections on a port of 127.0.0.1 and says nothing. */
async function silentPort(port: number): Promise<AsyncDisposable> {
  const server = createServer().listen(port, "127.0.0.1");
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
  await once(server, "listening");
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A project of its own with a NodeTrust a node. */
async function makeProject(folder: string, nodes: SshNode[], certificatePem: string): Promise<void> {
  const program = `
    import { readFileSync } from "node:fs";
    import { NodeTrust } from "./components/trust/node-trust.ts";
    const { nodes, certificatePem } = JSON.parse(readFileSync(new URL("./nodes.json", import.meta.url), "utf8"));
    const registry = { hosts: ["registry.test"], port: 5000, certificatePem };
    for (const [number, node] of nodes.entries()) new NodeTrust(\`node-\${number}\`, { ...registry, ...node });
  `;
  const description = {
    name: "trusted-nodes",
    main: "main.js",
    runtime: { name: "nodejs", options: { typescript: false } },
    plugins: { providers: [{ name: "registry-kit", path: "./provider" }] },
  };
  await mkdir(join(folder, "state"));
  await writeFile(join(folder, "Pulumi.yaml"), stringify(description));
  await writeFile(join(folder, "package.json"), '{"name":"trusted-nodes","type":"module"}');
  await writeFile(join(folder, "main.js"), program);
  const places = nodes.map(({ connection, login }) => ({ connection, login: { ...login, timeout: 10 } }));
  await writeFile(join(folder, "nodes.json"), JSON.stringify({ nodes: places, certificatePem }));
  for (const name of ["lib", "components", "provider", "engine", "node_modules"]) {
    await symlink(join(projectRoot, name), join(folder, name));
  }
}
