import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { DockerNode } from "./docker-node.ts";
import type { NodeNetwork } from "./node-network.ts";

const program = fileURLToPath(import.meta.url);

/** Has the nodes of a network, and containers that they start from now on, find addresses (IPv4) for names; there are no others. */
export async function serveNames(
  network: NodeNetwork,
  nodes: DockerNode[],
  names: Record<string, string>,
): Promise<AsyncDisposable> {
  const command = network.inside(process.execPath, [program, network.address, JSON.stringify(names)]);
  const child = spawn(...command, { stdio: ["ignore", "pipe", "inherit"] });
  await once(createInterface(child.stdout), "line", { signal: AbortSignal.timeout(30_000) });
  for (const { folder } of nodes) await writeFile(join(folder, "resolv.conf"), `nameserver ${network.address}\n`);
  return {
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit", { signal: AbortSignal.timeout(30_000) });
      child.kill("SIGKILL");
      await exit;
    },
  };
}

/** RFC 1035, as far as one question for one address needs it. */
function answer(query: Buffer, names: Record<string, string>): Buffer {
  const labels: string[] = [];
  let end = 12;
  for (let length = query[end] ?? 0; length > 0; length = query[end] ?? 0) {
    labels.push(query.toString("latin1", end + 1, end + 1 + length));
    end += 1 + length;
  }
  const address = names[labels.join(".").toLowerCase()];
  const isAddress = query.readUInt16BE(end + 1) === 1;
  const found = address !== undefined && isAddress;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // A response, recursion available; 3: there is no such name.
  header.writeUInt16BE(0x8180 | (address === undefined ? 3 : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found ? 1 : 0, 6);
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...(address ?? "").split(".").map(Number)];
  return Buffer.concat([header, query.subarray(12, end + 5), Buffer.from(found ? record : [])]);
}

function serve([address = "", names = "{}"]: string[]): void {
  const socket = createSocket("udp4");
  const known = JSON.parse(names) as Record<string, string>;
  socket.on("message", (query, { port, address }) => socket.send(answer(query, known), port, address));
  socket.bind(53, address, () => console.log("ready"));
}

if (process.argv[1] === program) serve(process.argv.slice(2));
