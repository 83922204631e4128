import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import type grpc from "@grpc/grpc-js";
import { peerOwner } from "./peer-owner.ts";

/** A gRPC server that listens. */
export interface Listener {
  /** `unix:<path>`, or `127.0.0.1:<port>`. */
  address: string;
  /** What a plugin prints as the first line of its output: the socket's address, or the number of the port. */
  printed: string;
  listener: Server;
}

/** The part of a gRPC server that takes connections; the SDK of a program may bring a copy of its own. */
type ConnectionTaker = Pick<grpc.Server, "createConnectionInjector">;

const scheme = "unix:";

/** A path for a socket in the folder of the engine's own; undefined where the engine listens on a port. */
export function socketBeside(engine = ""): string | undefined {
  if (!engine.startsWith(scheme)) return undefined;
  return join(dirname(engine.slice(scheme.length)), `${process.pid}-${++sockets}.sock`);
}

/**
 * Lets a gRPC server listen for processes of this user only. A socket is in a folder that nobody else may enter. A port on
 * loopback is reached by every process of the machine: each connection is accepted only when the kernel says that its other end
 * belongs to this user. Only Linux says so.
 * @param socket path of the unix socket; undefined: a free port on loopback.
 */
export async function serveOwnUser(
  server: ConnectionTaker,
  credentials: grpc.ServerCredentials,
  socket: string | undefined,
): Promise<Listener> {
  const { injectConnection } = server.createConnectionInjector(credentials);
  if (socket !== undefined) {
    const listener = createServer(injectConnection);
    await once(listener.listen(socket), "listening");
    const address = scheme + socket;
    return { address, printed: address, listener };
  }
  // Nothing is read before the peer is known.
  const listener = createServer({ pauseOnConnect: true }, (connection) => void admit(connection, injectConnection));
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const { port } = listener.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, printed: `${port}`, listener };
}

let sockets = 0;

async function admit(socket: Socket, accept: (connection: Duplex) => void): Promise<void> {
  socket.on("error", ignore);
  const problem = await refusal(socket);
  if (problem === undefined) {
    socket.off("error", ignore);
    accept(socket);
    socket.resume();
    return;
  }
  socket.destroy();
  warn(problem);
}

/** Why a connection is not accepted; undefined: it is. */
async function refusal({ localAddress = "", localPort = 0, remoteAddress = "", remotePort = 0 }: Socket) {
  if (process.platform !== "linux") return undefined;
  const user = process.geteuid?.();
  try {
    const owner = await peerOwner({ localAddress, localPort, remoteAddress, remotePort });
    if (owner === user) return undefined;
    return owner === undefined
      ? "from a process that is gone"
      : `from a process of user ${owner}; this is user ${user}`;
  } catch (error) {
    return `whose owner cannot be known: ${(error as Error).message}`;
  }
}

/** Said once: a process that tries again and again fills no log. */
function warn(problem: string): void {
  if (warned) return;
  warned = true;
  process.stderr.write(`Refused a connection ${problem}.\n`);
}
let warned = false;

function ignore(): void {}
