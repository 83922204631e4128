import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { hash } from "bcryptjs";
import Docker from "dockerode";
import { pack } from "tar-stream";
import { stringify } from "yaml";
import { curl } from "./curl.ts";
import { poll } from "./poll.ts";
import { randomName } from "./random-name.ts";
import type { TestCertificate } from "./test-certificates.ts";

export const registryImage = "registry:3.1.2";

export interface TestRegistryOptions {
  tls?: TestCertificate;
  /** Name -> password. Undefined: no authentication. */
  users?: Record<string, string>;
  /** Of the passwords' bcrypt hashes. @default 4 */
  cost?: number;
  /** Leaves the htpasswd file out, so that the registry makes its own. */
  withoutHtpasswd?: boolean;
  /** @default true */
  deletion?: boolean;
  /** Of config.yml. @default a folder of the container */
  storage?: object;
  environment?: string[];
  /** Name of a Docker network. @default the engine's default bridge */
  network?: string;
  /** Lines of its /etc/hosts: `name:address`. */
  hosts?: string[];
}

/** A registry container made by hand, without the kit. Disposing of it removes it and its volume. */
export interface TestRegistry extends AsyncDisposable {
  id: string;
  name: string;
  /** On 127.0.0.1. */
  port: number;
  /** Its own address in its network; there it listens on port 5000. Reachable from this machine, and not a loopback one. */
  address: string;
  url: string;
  httpSecret: string;
  /** The lines of its htpasswd file. */
  htpasswd: string[];
}

/** Starts a registry on a free port of 127.0.0.1 and waits until it answers. All files are uploaded, nothing is mounted. */
export async function startRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const docker = new Docker();
  const name = randomName("registry");
  const httpSecret = randomBytes(16).toString("hex");
  const htpasswd = await Promise.all(
    Object.entries(options.users ?? {}).map(
      async ([user, password]) => `${user}:${await hash(password, options.cost ?? 4)}`,
    ),
  );
  const container = await docker.createContainer({
    name,
    Image: registryImage,
    ExposedPorts: { "5000/tcp": {} },
    Env: options.environment ?? [],
    HostConfig: {
      PortBindings: { "5000/tcp": [{ HostIp: "127.0.0.1", HostPort: "0" }] },
      ...(options.network ? { NetworkMode: options.network } : {}),
      ...(options.hosts ? { ExtraHosts: options.hosts } : {}),
    },
  });
  const remove = async () => {
    await container.remove({ force: true, v: true });
  };
  try {
    await container.putArchive(await filesOf(options, httpSecret, htpasswd), { path: "/etc/distribution" });
    await container.start();
    const { NetworkSettings } = await container.inspect();
    const port = Number(NetworkSettings.Ports["5000/tcp"]?.[0]?.HostPort);
    const url = `${options.tls ? "https" : "http"}://127.0.0.1:${port}`;
    await poll(`registry ${name} answers`, () => curl(`${url}/`, { insecure: true }));
    const address = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "";
    return { id: container.id, name, port, address, url, httpSecret, htpasswd, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function filesOf(
  { tls, users, withoutHtpasswd, storage, deletion = true }: TestRegistryOptions,
  httpSecret: string,
  htpasswd: string[],
): Promise<Buffer> {
  const folder = "/etc/distribution";
  const configuration = {
    version: 0.1,
    log: { level: "info" },
    storage: { ...(storage ?? { filesystem: { rootdirectory: "/var/lib/registry" } }), delete: { enabled: deletion } },
    http: {
      addr: ":5000",
      secret: httpSecret,
      ...(tls ? { tls: { certificate: `${folder}/tls.crt`, key: `${folder}/tls.key` } } : {}),
    },
    ...(users ? { auth: { htpasswd: { realm: "Test registry", path: `${folder}/htpasswd` } } } : {}),
  };
  const archive = pack();
  const add = (name: string, content: string) => archive.entry({ name, mode: 0o600 }, content);
  add("config.yml", stringify(configuration));
  if (users && !withoutHtpasswd) add("htpasswd", `${htpasswd.join("\n")}\n`);
  if (tls) {
    add("tls.crt", tls.certificate);
    add("tls.key", tls.key);
  }
  archive.finalize();
  return buffer(archive);
}
