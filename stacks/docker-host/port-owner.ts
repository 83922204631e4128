import { readdir, readFile, readlink } from "node:fs/promises";

const tables = { tcp: ["tcp", "tcp6"], udp: ["udp", "udp6"] };
/** The state LISTEN in /proc/net/tcp; sockets of UDP have none. */
const listening = "0A";

/**
 * The program of this machine that has a port: `nginx (process 812)`. Undefined: none, or one of another user, whose open
 * files this one may not see (proc(5)).
 */
export async function portOwner(port: number, protocol: "tcp" | "udp"): Promise<string | undefined> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const texts = await Promise.all(tables[protocol].map((table) => read(`/proc/net/${table}`)));
  const inodes = texts.flatMap((text) =>
    text.split("\n").flatMap((line) => {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      return local.endsWith(`:${hex}`) && (protocol === "udp" || state === listening) ? [`socket:[${inode}]`] : [];
    }),
  );
  if (inodes.length === 0) return undefined;
  for (const id of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(id)) continue;
    const files = await readdir(`/proc/${id}/fd`).catch(() => []);
    const links = await Promise.all(files.map((file) => readlink(`/proc/${id}/fd/${file}`).catch(() => "")));
    if (links.some((link) => inodes.includes(link)))
      return `${(await read(`/proc/${id}/comm`)).trim()} (process ${id})`;
  }
  return undefined;
}

function read(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
