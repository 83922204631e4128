import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { daemonConfigurationDefinition } from "../../components/daemon-json/daemon-configuration-lifecycle.ts";
import { withoutDocker } from "../support/describe-with-docker.ts";
import type { DockerUser } from "../support/docker-user.ts";
import { dockerUser, makeRandomImage } from "../support/docker-user.ts";
import { rootlessDockerObstacle, startRootlessDocker } from "../support/rootless-docker.ts";
import type { SshKeys, SshNode } from "../support/ssh-node.ts";
import { makeSshKeys, sshNodeObstacle, startSshNode } from "../support/ssh-node.ts";
import type { TestRegistry } from "../support/start-registry.ts";
import { startRegistry } from "../support/start-registry.ts";
import type { TestCertificate } from "../support/test-certificates.ts";
import { issueTestCertificate, makeTestAuthority } from "../support/test-certificates.ts";
import { ResourceStack } from "./resource-stack.ts";
import { TrustStack } from "./trust-stack.ts";

const obstacle = withoutDocker ?? (await sshNodeObstacle()) ?? (await rootlessDockerObstacle());
const title = `a user's own, rootless dockerd${obstacle ? ` (skipped: ${obstacle})` : ""}`;

describe.skipIf(obstacle)(title, { timeout: 60_000 }, () => {
  const name = "kit-guest";
  const password = "a password of 1";
  let keys: SshKeys;
  let node: SshNode;
  let authority: TestCertificate;
  let registry: TestRegistry;
  let plain: TestRegistry;
  let person: DockerUser;
  /** The daemon's address. */
  let host: string;
  /** What is in the user's configuration; the daemon keeps a key there. */
  let before: string;

  beforeAll(async () => {
    keys = await makeSshKeys();
    node = await startSshNode(keys);
    authority = await makeTestAuthority();
    const tls = await issueTestCertificate(authority, ["registry.test"]);
    [registry, plain] = await Promise.all([startRegistry({ tls, users: { moby: password } }), startRegistry()]);
    person = await dockerUser();
    await person.login(`127.0.0.1:${registry.port}`, "moby", password);
    for (const { port } of [registry, plain]) {
      const image = `127.0.0.1:${port}/probe:1`;
      await makeRandomImage(image, 10_000);
      expect((await person.docker(["push", image])).exitCode).toBe(0);
      await person.docker(["image", "rm", image]);
    }
    const names = `${registry.address} registry.test\n${plain.address} plain.test\n`;
    await node.run(`printf '%s' '${names}' >> /etc/hosts`);
    host = await startRootlessDocker(node, name);
    before = await configuration();
  });
  afterAll(async () => {
    for (const thing of [person, node, keys, registry, plain]) await thing?.[Symbol.asyncDispose]();
  });

  const docker = async (...arguments_: string[]) =>
    (await person.docker(["--host", host, ...arguments_], password)).all;
  const place = () => ({
    connection: node.connection,
    login: { ...node.login, user: name },
    rootless: true,
  });
  const configuration = () => node.run(`find /home/${name}/.config | sort`);

  it("trusts the registry through files in the user's home, written without root, and as long as they are there", async () => {
    const login = () => docker("login", "registry.test:5000", "--username", "moby", "--password-stdin");
    expect(await docker("info", "--format", "{{.SecurityOptions}}")).toContain("name=rootless");
    expect(await login()).toMatch(/x509: certificate signed by unknown authority/);

    const stack = new TrustStack();
    const trusted = { hosts: ["registry.test"], port: 5000, certificatePem: authority.certificate };
    await stack.up({ ...place(), ...trusted });
    expect(await configuration()).toContain(`/home/${name}/.config/docker/certs.d/registry.test:5000/ca.crt`);
    expect(await login()).toContain("Login Succeeded");
    expect(await docker("pull", "registry.test:5000/probe:1")).toContain("Downloaded newer image");
    await docker("image", "rm", "registry.test:5000/probe:1");

    await stack.down();
    expect(await docker("pull", "registry.test:5000/probe:1")).toMatch(/x509: certificate signed by unknown authority/);
    expect(await configuration()).toBe(before);
  });

  it("takes entries of the daemon.json in the user's home by a reload, and loses them the same way", async () => {
    const pull = () => docker("pull", "plain.test:5000/probe:1");
    expect(await pull()).toMatch(/server gave HTTP response to HTTPS client/);
    const file = join(node.root, `home/${name}/.config/docker/daemon.json`);
    const stack = new ResourceStack(daemonConfigurationDefinition);
    await stack.up({ ...place(), insecureRegistries: ["plain.test:5000"] });
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ "insecure-registries": ["plain.test:5000"] });
    expect(await pull()).toContain("Downloaded newer image");
    await docker("image", "rm", "plain.test:5000/probe:1");

    await stack.down();
    expect(await pull()).toMatch(/server gave HTTP response to HTTPS client/);
    expect(await configuration()).toBe(before);
  });
});
