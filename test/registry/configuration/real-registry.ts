import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import type { ConfigurationSpec } from "../../../components/registry/configuration/configuration-spec.ts";
import {
  type RegistryOptionsInput,
  registryOptions,
} from "../../../components/registry/configuration/registry-options.ts";
import { renderConfiguration } from "../../../components/registry/configuration/render-configuration.ts";
import {
  type StorageConfigurationInput,
  storageConfiguration,
} from "../../../components/registry/configuration/storage-configuration.ts";

const image = "registry:3.1.2";
const configPath = "/etc/distribution/config.yml";

/** Why no real registry can be started here; undefined where one can. */
export async function whyNoRegistry(): Promise<string | undefined> {
  const { failed, stderr } = await execa("docker", ["image", "inspect", image], { reject: false, timeout: 20_000 });
  return failed ? `no Docker or no image ${image}: ${stderr.split("\n")[0]}` : undefined;
}

/** A spec with the options given, an in-memory storage and port 5000, unless told otherwise. */
export function specOf(
  options: RegistryOptionsInput,
  { storage = { driver: "inmemory" }, ...rest }: SpecInput = {},
): ConfigurationSpec {
  return {
    options: registryOptions.parse(options),
    storage: storageConfiguration.parse(storage),
    port: 5000,
    httpSecret: randomBytes(16).toString("hex"),
    ...rest,
  };
}

type SpecInput = Partial<Omit<ConfigurationSpec, "options" | "storage">> & { storage?: StorageConfigurationInput };

/** A registry in a container and a network of its own; ports 5000 and 5001 are published on the host's loopback. */
export class RealRegistry implements AsyncDisposable {
  readonly name: string;
  private readonly published: string;

  private constructor(name: string, published: string) {
    this.name = name;
    this.published = published;
  }

  /**
   * Starts a registry and waits until `ready` holds (default: GET / answers 200 by plain HTTP).
   * `files` are put into the container first; `beside` shares the network of another registry, loopback included;
   * `create` are further parameters of docker create.
   */
  static async start(
    spec: ConfigurationSpec,
    {
      files = {},
      beside,
      create = [],
      ready = isAlive,
    }: {
      files?: Record<string, string>;
      beside?: RealRegistry;
      create?: string[];
      ready?: (registry: RealRegistry) => Promise<boolean>;
    } = {},
  ): Promise<RealRegistry> {
    const name = `registry-kit-test-${randomBytes(6).toString("hex")}`;
    const registry = new RealRegistry(name, beside?.published ?? name);
    try {
      if (!beside) await docker("network", "create", name);
      const network = beside
        ? ["--network", `container:${beside.name}`]
        : ["--network", name, "-p", "127.0.0.1::5000", "-p", "127.0.0.1::5001"];
      await docker("create", "--name", name, ...network, ...create, image);
      await registry.putFiles({ [configPath]: renderConfiguration(spec), ...files });
      await docker("start", name);
      await until(() => ready(registry), { giveUp: () => registry.reasonOfEnd() });
      return registry;
    } catch (error) {
      await registry[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** `127.0.0.1:49153` for a port of the container. */
  async address(port = 5000): Promise<string> {
    return (await docker("port", this.published, String(port))).trim();
  }

  /** A plain HTTP request; without a path the one for GET /. */
  async request(path = "/", init: RequestInit & { port?: number } = {}): Promise<Response> {
    return fetch(`http://${await this.address(init.port)}${path}`, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
  }

  /** What the registry has logged so far. */
  async log(): Promise<string> {
    const { all } = await execa("docker", ["logs", this.name], { all: true, timeout: 20_000 });
    return all;
  }

  /** Runs a command in the container and returns what it prints. */
  async run(...command: string[]): Promise<string> {
    return docker("exec", this.name, ...command);
  }

  /** Starts a command in the container and leaves it running. */
  async startCommand(...command: string[]): Promise<void> {
    await docker("exec", "--detach", this.name, ...command);
  }

  /** Stops the registry as the engine does it: SIGTERM, then 10 s. */
  async stop(): Promise<void> {
    await docker("stop", this.name);
  }

  /** Addresses the container listens on, as Linux writes them in hex: `0100007F:1389` is 127.0.0.1:5001. */
  async listeners(): Promise<string[]> {
    const table = await this.run("cat", "/proc/net/tcp", "/proc/net/tcp6");
    const rows = table.split("\n").map((row) => row.trim().split(/\s+/));
    const listening = rows.flatMap(([, local, , state]) => (state === "0A" && local ? [local] : []));
    // 127.0.0.11 is the resolver that the engine puts into every container of a network.
    return listening.filter((local) => !local.startsWith("0B00007F:")).toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await docker("rm", "--force", "--volumes", this.name);
    if (this.published === this.name) await docker("network", "rm", this.name);
  }

  private async putFiles(files: Record<string, string>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "registry-kit-test-"));
    try {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
      await docker("cp", `${folder}/.`, `${this.name}:/`);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  private async reasonOfEnd(): Promise<string | undefined> {
    const state = await docker("inspect", "--format", "{{.State.Status}}", this.name);
    return state.trim() === "exited" ? `the registry ended: ${await this.log()}` : undefined;
  }
}

/** Polls until `condition` holds; ends at once where `giveUp` gives a reason, or after 40 s. */
export async function until(
  condition: () => Promise<boolean>,
  { giveUp = async () => undefined }: { giveUp?: () => Promise<string | undefined> } = {},
): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!(await condition())) {
    const reason = await giveUp();
    if (reason) throw new Error(reason);
    if (Date.now() > deadline) throw new Error("did not happen within 40 s");
    await delay(100);
  }
}

async function isAlive(registry: RealRegistry): Promise<boolean> {
  const answer = await registry.request().catch(() => undefined);
  return answer?.status === 200;
}

async function docker(...args: string[]): Promise<string> {
  const { stdout } = await execa("docker", args, { timeout: 60_000 });
  return stdout;
}
