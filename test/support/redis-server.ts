import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Pair } from "../certificates/openssl-issue.ts";
import { authorityExtensions, opensslIssue } from "../certificates/openssl-issue.ts";
import { debianLibraries, debianPackage } from "./debian-package.ts";
import type { NodeNetwork } from "./node-network.ts";
import { poll } from "./poll.ts";

/** A real Redis that takes TLS only, and clients with a certificate of its authority only. It ends with the network. */
export interface TlsRedis {
  /** `192.168.77.254:6380` */
  address: string;
  password: string;
  /** PEM. */
  authority: string;
  client: Pair;
  /** How often it was told to keep a description of a layer. */
  writes(): Promise<number>;
}

const port = 6380;
const password = "redis's password";

/** Why there can be no Redis here; undefined: there can. The first call on a machine takes some seconds. */
export async function redisObstacle(): Promise<string | undefined> {
  return debianPackage("redis-server").then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** Starts it at the switch of a network, where the containers of all nodes reach it. */
export async function startTlsRedis({ address, inside }: NodeNetwork, parent: string): Promise<TlsRedis> {
  const folder = join(parent, "redis");
  await mkdir(folder);
  const authority = await opensslIssue(folder, "ca", { extensions: authorityExtensions });
  await opensslIssue(folder, "server", { extensions: [`subjectAltName=IP:${address}`], by: "ca" });
  const client = await opensslIssue(folder, "client", { extensions: ["extendedKeyUsage=clientAuth"], by: "ca" });
  const configuration = `bind ${address}
port 0
tls-port ${port}
tls-ca-cert-file ${folder}/ca.crt
tls-cert-file ${folder}/server.crt
tls-key-file ${folder}/server.key
tls-auth-clients yes
requirepass "${password}"
save ""
dir ${folder}
`;
  await writeFile(join(folder, "redis.conf"), configuration);
  const files = await debianPackage("redis-server");
  const libraries = `LD_LIBRARY_PATH=${debianLibraries(files)}`;
  const program = (name: string) => [libraries, join(files, "usr", "bin", name)] as const;
  const [variable, server] = program("redis-server");
  const running = execa(...inside(variable, [server, join(folder, "redis.conf")]), { reject: false, cleanup: true });
  const cli = async (...command: string[]) => {
    const [variable, client] = program("redis-cli");
    const tls = ["--tls", "--cacert", `${folder}/ca.crt`, "--cert", `${folder}/client.crt`];
    const options = [...tls, "--key", `${folder}/client.key`, "-h", address, "-p", String(port)];
    const line = inside(variable, [`REDISCLI_AUTH=${password}`, client, ...options, ...command]);
    return (await execa(...line, { timeout: 20_000 })).stdout;
  };
  await poll("Redis answers", async () => {
    if (running.exitCode !== null) throw new Error(`it ended: ${(await running).stdout}`);
    return (await cli("PING")) === "PONG" || undefined;
  });
  return {
    address: `${address}:${port}`,
    password,
    authority: authority.certificate,
    client,
    writes: async () => Number(/^cmdstat_hmset:calls=(\d+)/m.exec(await cli("INFO", "commandstats"))?.[1] ?? 0),
  };
}
