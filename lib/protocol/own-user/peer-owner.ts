import { readFile } from "node:fs/promises";
import { isIPv4 } from "node:net";
import { endianness } from "node:os";

/** Both ends of a connection, as this process sees them. */
export interface Ends {
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  remotePort: number;
}

/** Fields of a line of the kernel's table; source: `get_tcp4_sock` of Linux' net/ipv4/tcp_ipv4.c. */
const field = { local: 1, remote: 2, state: 3, owner: 7, inode: 9 } as const;
const established = "01";

/**
 * The user id of the process at the other end of a TCP connection inside this machine, from the kernel's tables of
 * connections. A socket that its process has closed has no owner: the kernel shows it with user id 0 and inode 0.
 * @returns undefined where the peer has closed its socket, or is not in this network namespace.
 * @throws where the system has no such table.
 */
export async function peerOwner(ends: Ends): Promise<number | undefined> {
  const table = await readFile("/proc/net/tcp", "utf8");
  // A system without IPv6 has no second table. A peer with an IPv6 socket may speak IPv4 through it.
  const table6 = await readFile("/proc/net/tcp6", "utf8").catch(() => "");
  return ownerIn(`${table}\n${table6}`, ends);
}

/** The owner of the peer's socket in a table's text. */
export function ownerIn(table: string, ends: Ends): number | undefined {
  const locals = spellings(ends.remoteAddress, ends.remotePort);
  const remotes = spellings(ends.localAddress, ends.localPort);
  for (const line of table.split("\n")) {
    const fields = line.trim().split(/\s+/);
    if (!locals.includes(fields[field.local] ?? "") || !remotes.includes(fields[field.remote] ?? "")) continue;
    if (fields[field.state] !== established || fields[field.inode] === "0") return undefined;
    return Number(fields[field.owner]);
  }
  return undefined;
}

/** An IPv4 address as the tables write it, by itself and as part of an IPv6 address (`::ffff:127.0.0.1`). */
function spellings(address: string, port: number): string[] {
  const plain = address.replace(/^::ffff:/i, "");
  if (!isIPv4(plain)) return [];
  const bytes = plain.split(".").map(Number);
  const word = hex(endianness() === "LE" ? bytes.toReversed() : bytes);
  const prefix = hex(endianness() === "LE" ? [0xff, 0xff, 0, 0] : [0, 0, 0xff, 0xff]);
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return [`${word}${end}`, `${"0".repeat(16)}${prefix}${word}${end}`];
}

function hex(bytes: number[]): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}
