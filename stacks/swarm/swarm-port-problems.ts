import { createSocket } from "node:dgram";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import { bindError } from "../docker-host/bind-error.ts";
import { portOwner } from "../docker-host/port-owner.ts";

/** What a manager listens on; source: Docker's "Getting started with swarm mode", "Open protocols and ports". */
const ports: [port: number, protocol: "tcp" | "udp", use: string][] = [
  [2377, "tcp", "its managers"],
  [7946, "tcp", "its nodes"],
  [7946, "udp", "its nodes"],
  [4789, "udp", "its overlay networks"],
];

/** The ports of this machine that a new swarm needs and another program has. @param address what the manager listens on */
export async function swarmPortProblems(address: string): Promise<Problem[]> {
  const found = await Promise.all(
    ports.map(async ([port, protocol, use]): Promise<Problem[]> => {
      // Those of the overlay networks are the kernel's, on all addresses.
      const on = port === 4789 ? "0.0.0.0" : address;
      const code = protocol === "tcp" ? await bindError(port, on) : await udpBindError(port, on);
      if (code !== "EADDRINUSE") return [];
      const known = await portOwner(port, protocol);
      // The kernel's own VXLAN devices (of flannel, Calico, `ip link`) share their port, and no process has their socket.
      if (port === 4789 && known === undefined) return [];
      const owner = known ?? "another program";
      const reason = `needs port ${port}/${protocol} for ${use}, which ${owner} uses on this machine already. Stop it.`;
      return [{ path: "swarm.initialize", reason }];
    }),
  );
  return found.flat();
}

function udpBindError(port: number, address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code));
    socket.bind({ port, address, exclusive: true }, () => socket.close(() => resolve(undefined)));
  });
}
