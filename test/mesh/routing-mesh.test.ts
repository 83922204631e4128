import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NetworkClient } from "../support/network-client.ts";
import { networkClient } from "../support/network-client.ts";
import type { NodeNetwork } from "../support/node-network.ts";
import { dockerNodeObstacle, nodeNetwork } from "../support/node-network.ts";
import type { CommandResult } from "../support/project-copy.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { s3ServerObstacle, startS3Server } from "../support/s3-server.ts";
import { registryImage } from "../support/start-registry.ts";
import type { VirtualMachine } from "./virtual-machines.ts";
import { startVirtualMachines, virtualMachineObstacle } from "./virtual-machines.ts";

const obstacle =
  (await dockerNodeObstacle(registryImage)) ?? (await s3ServerObstacle()) ?? (await virtualMachineObstacle());
const title = "The routing mesh of two machines";
const port = 5000;
const user = { name: "moby", password: "moby's password" };
/** Milliseconds: a machine needs ten times as long as this one. */
const patience = 600_000;

describe.skipIf(obstacle)(`${title}${obstacle ? ` (skipped: ${obstacle})` : ""}`, () => {
  const stack = new AsyncDisposableStack();
  let network: NodeNetwork;
  let machines: VirtualMachine[];
  let copy: ProjectCopy;
  let client: NetworkClient;
  let authority: string;

  beforeAll(async () => {
    network = stack.use(await nodeNetwork());
    client = stack.use(await networkClient(network));
    const s3 = stack.use(
      await startS3Server({ address: network.address, networkOf: network.pid, buckets: ["images"] }),
    );
    machines = await startVirtualMachines(network, [11, 12], registryImage);
    const [manager, worker] = machines as [VirtualMachine, VirtualMachine];
    await manager.docker("swarm", "init", "--advertise-addr", manager.address);
    const token = await manager.docker("swarm", "join-token", "--quiet", "worker");
    await worker.docker("swarm", "join", "--token", token, `${manager.address}:2377`);
    const { endpoint: regionEndpoint, region, accessKey, secretKey } = s3;
    const settings = {
      docker: { url: manager.dockerHost },
      hosts: ["127.0.0.1", ...machines.map(({ address }) => address)],
      port,
      users: { [user.name]: { password: user.password, cost: 4 } },
      trust: "none",
      storage: { s3: { bucket: "images", region, regionEndpoint, accessKey, secretKey } },
      service: {
        replicas: 2,
        publish: "ingress",
        // A check starts a process in the container, which takes seconds on such a machine, and a minute on a busy one.
        health: { interval: "10s", timeout: "2m", retries: 5, startPeriod: "5m" },
        update: { monitor: "10s" },
        timeout: "10m",
      },
    };
    copy = stack.use(await ProjectCopy.make({ engine: "builtin", stack: "swarm", node: network, settings }));
    await succeeds(copy.run("up", ["--no-verify"], { timeout: patience }));
    authority = ((await copy.outputs()) as { caCertificate: string }).caCertificate;
  });
  afterAll(() => stack.disposeAsync());

  it("answers on every node's own 127.0.0.1", async () => {
    for (const machine of machines) {
      const wget = ["--entrypoint", "wget", registryImage, "-q", "-O", "-", "--no-check-certificate"];
      const run = machine.docker("run", "--rm", "--network", "host", ...wget, `https://127.0.0.1:${port}/`);
      await expect(run, machine.name).resolves.toBe("");
      const refused = machine.docker("run", "--rm", "--network", "host", ...wget, `https://127.0.0.1:${port}/v2/`);
      await expect(refused, machine.name).rejects.toThrow(/401 Unauthorized/);
    }
  });

  it("fails none of 1,000 requests while both replicas are replaced, start-first", async ({ annotate }) => {
    let updating = true;
    let sent = 0;
    const failures: string[] = [];
    const ask = async ({ address }: VirtualMachine) => {
      while (updating || sent < 1000) {
        const options = { authority, user: `${user.name}:${user.password}`, timeout: 30_000 };
        sent++;
        await client.curl(`https://${address}:${port}/v2/`, options).then(
          ({ status }) => status === 200 || failures.push(`${address}: HTTP ${status}`),
          (error: Error) => failures.push(`${address}: ${error.message}`),
        );
      }
    };
    const clients = machines.map(ask);
    copy.change({ "rotation.certificate": 2 });
    const begun = performance.now();
    const update = succeeds(copy.run("up", ["--no-verify"], { timeout: patience })).finally(() => {
      updating = false;
    });
    await update;
    const seconds = Math.round((performance.now() - begun) / 1000);
    const during = sent;
    await Promise.all(clients);
    await annotate(
      `${failures.length} of ${sent} requests failed; ${during} of them during the update of ${seconds} s`,
    );
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(1000);
  });
});

async function succeeds(command: Promise<CommandResult>): Promise<void> {
  const { exitCode, all } = await command;
  expect(exitCode, all).toBe(0);
}
