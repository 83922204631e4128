import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import { isNodeNewEnough } from "../../lib/start-up/require-node.js";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { occupy } from "../support/occupy-port.ts";
import { ProjectCopy } from "../support/project-copy.ts";

const docker = dockerClient({});
const oldNode = await findOldNode();

/** Settings that are wrong, and what is said of each; all of a row are reported at once. */
const tables: [string, Record<string, unknown>, string[]][] = [
  [
    "each on its own",
    {
      prot: 5000,
      "container.memry": 3,
      "container.user": "root",
      port: "many",
      "rotation.certificate": 0,
      hosts: ["https://r.example", "r.example:5000", "r.example/v2", "", "300.1.1.1"],
      "image.name": "registry:3.1.1",
      storage: { volume: {}, bindMount: { path: "/srv" } },
      users: {
        "mo:by": { generated: true },
        "tab\tbed": { generated: true },
        empty: { password: "" },
        long: { password: `s3cret-${"x".repeat(70)}` },
        blank: { password: " s3cret-blank" },
        md5: { hash: "$apr1$s3cret-$FQkVUGWHWPHZJKqPVTVYc/" },
        both: { password: "s3cret-1", hash: "s3cret-2" },
      },
      "registry.log.levle": "info",
    },
    [
      'prot is not a setting. Did you mean "port"?',
      'container.memry is not a setting. Did you mean "memory"?',
      "container.user",
      "port",
      "rotation.certificate",
      'hosts[0] "https://r.example" has a scheme',
      'hosts[1] "r.example:5000" has a port',
      'hosts[2] "r.example/v2" has a path',
      "hosts[3] is empty",
      "hosts[4]",
      'image.name is "registry:3.1.1"; versions before 3.1.2 have known vulnerabilities.',
      "storage names volume and bindMount",
      "users.mo:by",
      "users.tab",
      "users.empty.password",
      "users.long.password",
      "users.blank.password",
      "users.md5.hash",
      "users.both.hash is no bcrypt hash",
      "users.both must have exactly one of password, generated and hash",
      'registry.log.levle is not a setting. Did you mean "level"?',
    ],
  ],
  [
    "passwords over plain HTTP",
    { tls: "none", address: "127.0.0.1", hosts: ["r.example"] },
    [
      "tls is none, but there are users",
      "insecure is not set",
      "address is 127.0.0.1, which only this machine reaches",
    ],
  ],
  [
    "renewal windows and lifetimes",
    {
      "tls.authority": { lifetime: "1 year", renewBefore: "2 years" },
      "tls.certificate": { lifetime: "398 days", renewBefore: "399 days" },
    },
    ["tls.authority.renewBefore", "tls.certificate.lifetime", "tls.certificate.renewBefore"],
  ],
];

describeWithEngines("Bad input is refused at preview, and nothing is touched", (engine) => {
  let copy: ProjectCopy;
  let good: string;
  beforeAll(async () => {
    copy = await ProjectCopy.make({ engine });
    const { exitCode, all } = await copy.run("up", ["--no-verify"]);
    expect(exitCode, all).toBe(0);
    good = copy.settingsText();
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  const everything = async () => {
    const { Id, State } = await docker.getContainer(copy.name).inspect();
    const containers = await docker.listContainers({ all: true, filters: { name: [copy.name] } });
    const { Volumes } = await docker.listVolumes({ filters: { name: [copy.name] } });
    return {
      containers: [Id, State.StartedAt, ...containers.map(({ Names }) => Names[0])],
      volumes: Volumes.map(({ Name }) => Name).toSorted(),
      trust: copy.trustedFiles(),
      state: sha256(readFileSync(copy.stateFile)),
    };
  };

  it.each(tables)("%s", async (_name, settings, expected) => {
    const before = await everything();
    copy.change(settings);
    try {
      // "up" looks first, too: once is enough.
      for (const command of settings === tables[0]?.[1] ? ["preview", "up"] : ["preview"]) {
        const { exitCode, all } = await copy.run(command);
        expect(exitCode).toBe(1);
        expect(all).toContain(`: ${expected.length} problem`);
        for (const line of expected) expect(all.replaceAll(/ +/g, " ")).toContain(`\n ${line}`);
        expect(all).not.toContain("s3cret-");
        expect(all).not.toMatch(/^\s+at .*\.ts/m);
      }
    } finally {
      copy.restore(good);
    }
    expect(await everything()).toEqual(before);
  });

  it("a port that another program listens on", async () => {
    await using other = await occupy();
    copy.change({ port: other.port });
    const { exitCode, all } = await copy.run("preview");
    copy.restore(good);
    expect(exitCode).toBe(1);
    expect(all).toContain(`port is ${other.port}, which another program on this machine uses already. Choose another`);
  });

  it("a rotation beside it, which is not counted then", async () => {
    copy.change({ hosts: ["https://r.example"] });
    const bad = copy.settingsText();
    const { exitCode, all } = await copy.run("rotate", ["certificate"]);
    const after = copy.settingsText();
    copy.restore(good);
    expect(exitCode).toBe(1);
    expect(all).toContain("Nothing was rotated: rotation.certificate is what it was before.");
    expect(after).toBe(bad);
  });

  it("another copy of the project with a stack and a container of the same name", async () => {
    const before = await everything();
    await using other = await ProjectCopy.make({ engine });
    const settings = other.settingsText();
    const rotation = await other.run("rotate", ["certificate"]);
    expect(rotation.exitCode, "nothing is deployed there").toBe(1);
    expect(rotation.all).toContain('Stack "dev" is not deployed, so there is nothing to rotate.');
    expect(other.settingsText()).toBe(settings);
    other.change({ name: copy.name, port: await copy.anotherPort() });
    const { exitCode, all } = await other.run("preview");
    expect(exitCode).toBe(1);
    expect(all).toContain(
      `is ${copy.name}-files, where container ${copy.name} has its files, and this state did not make them`,
    );
    expect(await everything()).toEqual(before);
  });

  it("a folder of the host's system for a new registry, alone and beside another mistake, with its line", async () => {
    await using fresh = await ProjectCopy.make({ engine });
    fresh.change({ storage: { bindMount: { path: "/etc/registry" } } });
    for (const [port, count] of [
      [fresh.port, 1],
      [70000, 2],
    ] as const) {
      fresh.change({ port });
      const { exitCode, all } = await fresh.run("preview");
      expect(exitCode).toBe(1);
      expect(all).toContain(`: ${count} problem`);
      expect(all).toMatch(/\n {2}storage\.bindMount\.path is \/etc\/registry, .*\(line \d+, column \d+\)/);
      expect(all).not.toContain("error serializing property");
    }
  });

  it("a Docker daemon that does not answer", async () => {
    const before = await everything();
    const dead = `unix://${copy.folder}/no.sock`;
    for (const args of [["preview"], ["up", "--no-install"]] as const) {
      const [command, ...others] = args;
      const { exitCode, all } = await copy.run(command, others, { env: { DOCKER_HOST: dead } });
      expect(exitCode).toBe(1);
      expect(all).toContain(dead);
      expect(all).not.toMatch(/^\s+at .*\.ts/m);
    }
    expect(await everything()).toEqual(before);
  });

  const obstacle = engine === "pulumi" ? oldNode.reason : "only the Pulumi CLI has this case";
  it.skipIf(obstacle)(
    `a Node that is too old, when plain pulumi is typed${obstacle ? ` (skipped: ${obstacle})` : ""}`,
    async () => {
      const before = await everything();
      const env = { PATH: [dirname(oldNode.file), process.env.PATH].join(delimiter) };
      for (const args of [["preview"], ["up", "--yes"]]) {
        const { exitCode, all } = await copy.pulumi(args, { env });
        expect(exitCode).not.toBe(0);
        expect(all).toMatch(/registry-kit needs Node 22\.18\.0 or newer, this is \d+\.\d+\.\d+\. Use "npm run up"/);
        expect(all).not.toMatch(/SyntaxError|ERR_UNKNOWN_FILE_EXTENSION|^\s+at /m);
      }
      expect(await everything()).toEqual(before);
    },
  );
});

/** Another node on PATH that can't run the kit. */
async function findOldNode(): Promise<{ file: string; reason?: string }> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const file = join(folder, "node");
    const { stdout, failed } = await execa(file, ["--version"], { reject: false });
    if (!failed && !isNodeNewEnough(stdout)) return { file };
  }
  return { file: "", reason: "every node on PATH is new enough" };
}
