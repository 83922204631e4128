import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../scripts/project/project-root.ts";
import type { Bench } from "./bench.ts";
import { freePort } from "./free-port.ts";
import { PulumiProject } from "./pulumi-project.ts";
import { awaitRegistry, type ReachableRegistry, type RegistryUser } from "./registry-client.ts";
import { removeContainer, removeVolume } from "./remove-from-docker.ts";

/** The kit's stack with settings of its own in a project of its own: same program, same provider, other names. */
export class KitStack {
  readonly project: PulumiProject;
  readonly name: string;
  readonly port: number;
  /** Known before the stack is up, beside `moby` with a generated password. */
  readonly user: RegistryUser;
  private readonly settings: Record<string, unknown>;

  private constructor(project: PulumiProject, settings: Record<string, unknown>, user: RegistryUser) {
    this.project = project;
    this.settings = settings;
    this.name = String(settings.name);
    this.port = Number(settings.port);
    this.user = user;
  }

  /** Writes a project with the kit's program; `more`: settings beside those of the measured stack. */
  static async make(bench: Bench, more: Record<string, unknown> = {}): Promise<KitStack> {
    const description = parse(await readFile(join(projectRoot, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    const name = `registry-kit-bench-${randomBytes(5).toString("hex")}`;
    const project = await PulumiProject.make(bench, {
      // Settings are called after the project. Under its own name they would be the provider's configuration too.
      project: { ...description, name: settingsPrefix, stackConfigDir: "settings" },
      packages: ["@pulumi/pulumi", "@pulumi/docker"],
      folders: ["lib", "stacks", "components", "provider", "engine", "scripts"],
    });
    const user = { name: "bench", password: randomBytes(12).toString("hex") };
    const users = { moby: { generated: true }, [user.name]: { hash: await bcrypt.hash(user.password, 4) } };
    const trusted = { certsDirectory: join(project.folder, "certs.d") };
    const settings = {
      ...bench.settings,
      name,
      hosts: ["127.0.0.1", "localhost"],
      port: await freePort(),
      users,
      storage: { volume: { name: `${name}-data`, keep: false } },
      // As the dev stack does, in another folder than the daemon's. Files of root are refused from others.
      trust: process.getuid?.() === 0 ? trusted : "none",
      ...more,
    };
    bench.leftovers.add(`Docker objects of ${name}`, () => removeFromDocker(name));
    const stack = new KitStack(project, settings, user);
    await stack.write();
    return stack;
  }

  /** Changes a setting; the next `up` brings it about. */
  async set(key: string, value: unknown): Promise<void> {
    this.settings[key] = value;
    await this.write();
  }

  get(key: string): unknown {
    return this.settings[key];
  }

  /** Brings the registry up and returns how to reach it. */
  async deploy(): Promise<ReachableRegistry & { generated: RegistryUser }> {
    await this.project.firstUp();
    const { caCertificate, passwords } = (await this.project.outputs()) as {
      caCertificate: string;
      passwords: { moby: string };
    };
    const registry = { port: this.port, authority: caCertificate, user: this.user };
    await awaitRegistry(registry);
    return { ...registry, generated: { name: "moby", password: passwords.moby } };
  }

  private async write(): Promise<void> {
    const config = Object.entries(this.settings).map(([key, value]) => [`${settingsPrefix}:${key}`, value]);
    const folder = join(this.project.folder, "settings");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "Pulumi.bench.yaml"), stringify({ config: Object.fromEntries(config) }));
  }
}

const settingsPrefix = "registry-kit-bench";

/** For the case that the engine was not able to. */
async function removeFromDocker(name: string): Promise<void> {
  await removeContainer(name);
  for (const volume of [`${name}-files`, `${name}-data`]) await removeVolume(volume);
}
