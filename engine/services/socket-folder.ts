import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "pulumi-engine-";
/** Of the engine's own socket. The path must fit in 104 bytes (`sun_path` of macOS, 108 on Linux). */
const socketName = "engine.sock";
const longestFolder = 60;

/** A folder of the engine's unix sockets. Nobody else may enter it. It goes with `remove`, and when this process ends. */
export interface SocketFolder {
  /** Where the engine listens. */
  socket: string;
  remove(): void;
}

/** Makes a folder for sockets (mode 0700) in the system's folder for temporary files. */
export function makeSocketFolder(): SocketFolder {
  const parent = temporaryFolder();
  const folder = mkdtempSync(join(parent, prefix));
  removeLeftovers(parent).catch(() => {}); // they are in nobody's way
  const remove = () => {
    process.off("exit", remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on("exit", remove);
  return { socket: join(folder, socketName), remove };
}

/** gRPC libraries read an address as a URL: a folder with unusual characters in its name is not used. */
function temporaryFolder(): string {
  const folder = tmpdir();
  return folder.length <= longestFolder && /^[\w./-]+$/.test(folder) ? folder : "/tmp";
}

/** Removes the folders of engines that were killed: nobody listens there. */
async function removeLeftovers(parent: string): Promise<void> {
  const user = process.geteuid?.();
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(parent, name);
    // A folder of a moment ago may be of an engine that is about to listen.
    const { uid, mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { uid: -1, mtimeMs: 0 };
    if (uid !== user || Date.now() - mtimeMs < 60_000 || (await answers(join(folder, socketName)))) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answers(socket: string): Promise<boolean> {
  const connection = connect(socket);
  const connected = once(connection, "connect").then(() => true);
  const answered = await connected.catch(() => false);
  connection.destroy();
  return answered;
}
