import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { bindError } from "../../../stacks/docker-host/bind-error.ts";
import { portOwner } from "../../../stacks/docker-host/port-owner.ts";
import { swarmPortProblems } from "../../../stacks/swarm/swarm-port-problems.ts";

/** A node of a swarm that other tests, or the machine's user, started here has these ports itself. */
const isTaken = (await bindError(2377, "0.0.0.0")) === "EADDRINUSE";

it.skipIf(isTaken)(
  `a taken port of the swarm is named, with its program${isTaken ? " (skipped: port 2377 is taken)" : ""}`,
  async () => {
    const server = createServer().listen(2377, "127.0.0.1");
    await once(server, "listening");
    const problems = await swarmPortProblems("0.0.0.0");
    server.close();
    const found = problems.find(({ reason }) => reason.includes("2377"));
    expect(found).toMatchObject({ path: "swarm.initialize" });
    expect(found?.reason).toMatch(
      new RegExp(
        `^needs port 2377/tcp for its managers, which .* \\(process ${process.pid}\\) uses on this machine already`,
      ),
    );
  },
);

it("the owner of a port is found for both protocols, and none where there is none", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await Promise.all([once(server, "listening"), once(socket, "listening")]);
  const address = server.address();
  const tcp = typeof address === "object" ? (address?.port ?? 0) : 0;
  const udp = socket.address().port;
  const own = expect.stringContaining(`(process ${process.pid})`);
  expect(await portOwner(tcp, "tcp")).toEqual(own);
  expect(await portOwner(udp, "udp")).toEqual(own);
  server.close();
  socket.close();
  await Promise.all([once(server, "close"), once(socket, "close")]);
  expect(await portOwner(udp, "udp")).toBeUndefined();
});
