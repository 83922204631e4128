import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import { stringify } from "yaml";
import type { DockerNode } from "../../test/support/docker-node.ts";
import { poll } from "../../test/support/poll.ts";
import { issueTestCertificate, makeTestAuthority } from "../../test/support/test-certificates.ts";
import type { Bench, Measure } from "../harness/bench.ts";
import { benchSwarm, port, serviceSettings } from "../harness/bench-swarm.ts";
import { interleave, timed } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";

/** The first `up` of the swarm stack until its task is healthy, against `docker stack deploy` of a file that says the same. */
export const swarmStart: Measure = {
  name: "swarm-start",
  figures: ["swarm-start"],
  async run(bench) {
    const swarm = await benchSwarm(bench, ["manager", "worker"]);
    if (!swarm) return [];
    const [manager] = swarm.nodes;
    const file = await composeFile(bench, manager);
    const values = await interleave(bench, {
      kit: () => startKit(bench, serviceSettings(swarm)),
      stack: () => deployStack(manager, file),
    });
    return [
      {
        name: "swarm-start",
        title: "A ready swarm to a healthy registry service; docker stack deploy of an equal file, and waiting for it",
        unit: "ms",
        subject: { label: "kit", values: values.kit },
        reference: { label: "docker stack deploy", values: values.stack },
        bound: { kind: "target", atMost: 1.5 },
      },
    ];
  },
};

async function startKit(bench: Bench, settings: Record<string, unknown>): Promise<number> {
  const stack = await KitStack.make(bench, settings);
  const up = await stack.project.firstUp();
  await stack.project.run("destroy");
  return up;
}

async function deployStack(manager: DockerNode, file: string): Promise<number> {
  const name = `bench-${randomBytes(3).toString("hex")}`;
  const healthy = async () => {
    const tasks = ["service", "ps", `${name}_registry`, "--format", "{{.CurrentState}}"];
    return (await manager.docker(...tasks)).startsWith("Running") || undefined;
  };
  const milliseconds = await timed(async () => {
    // As it is by default, it asks for the image's digest, as @pulumi/docker does.
    await manager.docker("stack", "deploy", "--compose-file", file, name);
    await poll("its task runs", healthy, { deadline: 120_000, pause: 50 });
  });
  await manager.docker("stack", "rm", name);
  const left = async () => (await manager.docker("ps", "--quiet", "--filter", `name=${name}_`)) === "" || undefined;
  await poll("its container is gone", left, { deadline: 120_000 });
  return milliseconds;
}

/** What the kit asks for, with a certificate, a key and users that are there already. */
async function composeFile(bench: Bench, manager: DockerNode): Promise<string> {
  const folder = join(bench.folder, "stack");
  await mkdir(folder);
  const tls = await issueTestCertificate(await makeTestAuthority("Bench CA"), [manager.address]);
  const secrets: Record<string, string> = {
    "config.yml": stringify({
      version: 0.1,
      storage: { filesystem: { rootdirectory: "/var/lib/registry" } },
      http: {
        addr: ":5000",
        secret: randomBytes(32).toString("hex"),
        tls: { certificate: "/run/secrets/server.crt", key: "/run/secrets/server.key" },
      },
      auth: { htpasswd: { realm: "Registry", path: "/run/secrets/htpasswd" } },
    }),
    "server.crt": tls.certificate,
    "server.key": tls.key,
    htpasswd: `bench:${await bcrypt.hash(randomBytes(8).toString("hex"), 4)}\n`,
  };
  for (const [name, content] of Object.entries(secrets)) await writeFile(join(folder, name), content);
  const names = Object.keys(secrets);
  const registry = {
    image: bench.image,
    command: ["/run/secrets/config.yml"],
    environment: { OTEL_TRACES_EXPORTER: "none" },
    read_only: true,
    cap_drop: ["ALL"],
    tmpfs: ["/tmp"],
    secrets: names.map((name) => ({ source: sourceOf(name), target: name, mode: 0o400 })),
    volumes: ["data:/var/lib/registry"],
    ports: [{ target: 5000, published: port, mode: "host" }],
    healthcheck: {
      test: ["CMD", "wget", "-q", "--no-check-certificate", "-O", "/dev/null", "https://127.0.0.1:5000/"],
      interval: "5s",
      timeout: "5s",
      retries: 3,
      start_period: "10s",
    },
    deploy: { replicas: 1, placement: { constraints: ["node.role==manager"] } },
  };
  const file = join(folder, "stack.yml");
  await writeFile(
    file,
    stringify({
      version: "3.8",
      services: { registry },
      volumes: { data: {} },
      secrets: Object.fromEntries(names.map((name) => [sourceOf(name), { file: `./${name}` }])),
    }),
  );
  return file;
}

function sourceOf(name: string): string {
  return name.replace(".", "-");
}
