import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issueAuthority } from "../../components/certificates/issue-authority.ts";
import { issueServerCertificate } from "../../components/certificates/issue-server-certificate.ts";
import { withoutDocker } from "../support/describe-with-docker.ts";
import { dockerUser, makeRandomImage } from "../support/docker-user.ts";
import type { Credentials, PullClient } from "../support/pull-clients.ts";
import {
  installCtr,
  installPodman,
  installSkopeo,
  pullClientsObstacle,
  startContainerd,
} from "../support/pull-clients.ts";
import type { SshKeys, SshNode } from "../support/ssh-node.ts";
import { makeSshKeys, sshNodeObstacle, startSshNode } from "../support/ssh-node.ts";
import type { TestRegistry } from "../support/start-registry.ts";
import { startRegistry } from "../support/start-registry.ts";
import { issueTestCertificate, makeTestAuthority } from "../support/test-certificates.ts";
import { snapshot } from "./snapshot.ts";
import { TrustStack } from "./trust-stack.ts";

const obstacle = withoutDocker ?? (await sshNodeObstacle()) ?? (await pullClientsObstacle());
const title = `podman, skopeo and containerd${obstacle ? ` (skipped: ${obstacle})` : ""}`;

describe.skipIf(obstacle)(title, { timeout: 60_000 }, () => {
  let keys: SshKeys;
  let node: SshNode;
  /** Each reads the files that the kit writes for podman or for containerd. */
  let clients: PullClient[];
  /** With users, TLS by the kit's authority. */
  let registry: TestRegistry;
  /** TLS by an authority that the node's programs trust anyway, as a public registry's. */
  let upstream: TestRegistry;
  /** A pull-through cache of the upstream, TLS by the kit's authority. */
  let cache: TestRegistry;
  /** Without TLS. */
  let plain: TestRegistry;
  let authority: string;
  /** What the node's programs trust anyway. */
  const authorities = "/etc/authorities.pem";
  const moby: Credentials = { user: "moby", password: "a password of 1" };
  const stacks = [new TrustStack(), new TrustStack(), new TrustStack()];
  let before: unknown;
  const opened: AsyncDisposable[] = [];

  beforeAll(async () => {
    keys = await makeSshKeys();
    node = await startSshNode(keys);
    const kit = await issueKitCertificates(["registry.test", "cache.test", "private.test", "usercache.test"]);
    authority = kit.authority;
    const publicAuthority = await makeTestAuthority("Public authority");
    const publicCertificate = await issueTestCertificate(publicAuthority, ["upstream.test"]);
    [registry, upstream, plain] = await Promise.all([
      startRegistry({ tls: kit.server, users: { [moby.user]: moby.password } }),
      startRegistry({ tls: publicCertificate }),
      startRegistry(),
    ]);
    // It finds the upstream's authority behind its own certificate.
    const certificate = kit.server.certificate + publicAuthority.certificate;
    cache = await startRegistry({
      tls: { ...kit.server, certificate },
      environment: ["REGISTRY_PROXY_REMOTEURL=https://upstream.test:5000", "SSL_CERT_FILE=/etc/distribution/tls.crt"],
      hosts: [`upstream.test:${upstream.address}`],
    });
    opened.push(registry, upstream, plain, cache);
    await node.run(
      "echo 127.0.0.1 registry.test cache.test upstream.test plain.test private.test usercache.test >> /etc/hosts",
    );
    await node.run(`cat > ${authorities} <<'END'\n${publicAuthority.certificate}END`);
    clients = [
      await installPodman(node, authorities),
      await installSkopeo(node, authorities),
      await startContainerd(node, authorities),
      await installCtr(node, authorities),
    ];
    await push(registry, ["probe:1"], moby);
    await push(upstream, ["library/probe:1", "other/probe:1", "other/late:1"]);
    await push(plain, ["probe:1"]);
  });
  afterAll(async () => {
    for (const thing of [node, keys, ...opened]) await thing?.[Symbol.asyncDispose]();
  });

  /** What each client says to a pull: "pulled", or why not. */
  async function pullAll(image: string, credentials?: Credentials): Promise<Record<string, string>> {
    const outcomes = clients.map(async (client) => [client.name, await outcomeOf(client, image, credentials)] as const);
    return Object.fromEntries(await Promise.all(outcomes));
  }
  const each = (outcome: unknown) => Object.fromEntries(clients.map(({ name }) => [name, outcome]));
  const pulled = () => each("pulled");
  const place = (name: string, { port }: TestRegistry) => `${name}.test:${port}`;

  /** Lines of a registry's log about requests of the clients, not of the cache. */
  async function requestsAt({ name }: TestRegistry, path: string): Promise<string[]> {
    const { all } = await execa("docker", ["logs", name], { all: true });
    const lines = all.split("\n").filter((line) => line.includes("HTTP/") && line.includes(path));
    return lines.filter((line) => /"(containerd|containers|libpod|skopeo)\//.test(line));
  }

  async function expectRefusals(): Promise<void> {
    const unknown = each(expect.stringMatching(/x509: certificate signed by unknown authority/));
    expect(await pullAll(`${place("registry", registry)}/probe:1`, moby)).toEqual(unknown);
    const notTls = each(expect.stringMatching(/server gave HTTP response to HTTPS client/));
    expect(await pullAll(`${place("plain", plain)}/probe:1`)).toEqual(notTls);
    const notThere = each(expect.stringMatching(/registry-1\.docker\.io/));
    expect(await pullAll("docker.io/library/probe:1")).toEqual(notThere);
  }

  const configuration = async () => [
    await snapshot(join(node.root, "etc/containers")),
    await node.run("find /etc/containerd || :"),
  ];

  it("refuse, before the kit was there, an authority that they don't know and a registry without TLS", async () => {
    before = await configuration();
    await expectRefusals();
  });

  it("pull with a password from both once the kit has written their files, and without one from neither", async () => {
    const common = { connection: node.connection, login: { ...node.login }, clients: ["podman", "containerd"] };
    const url = `https://${place("cache", cache)}`;
    const mirrors = { "docker.io": [url], [place("upstream", upstream)]: [url] };
    const own = { ...common, certificatePem: authority };
    const inputs = [
      { ...own, hosts: ["registry.test"], port: registry.port },
      { ...own, hosts: ["cache.test"], port: cache.port, mirrors },
      { ...common, hosts: ["plain.test"], port: plain.port, insecure: true },
    ];
    for (const [index, stack] of stacks.entries()) await stack.up(inputs[index] ?? {});

    const image = `${place("registry", registry)}/probe:1`;
    expect(await pullAll(image, moby)).toEqual(pulled());
    const refused = each(
      expect.stringMatching(/unauthorized|authentication required|no basic auth|authorization failed/i),
    );
    expect(await pullAll(image)).toEqual(refused);
    expect(await pullAll(image, { ...moby, password: "wrong" })).toEqual(refused);
    expect(await pullAll(`${place("plain", plain)}/probe:1`)).toEqual(pulled());
  });

  it("pull images of Docker Hub and of another registry through the cache, and ask neither", async () => {
    expect(await pullAll("docker.io/library/probe:1")).toEqual(pulled());
    expect(await pullAll(`${place("upstream", upstream)}/other/probe:1`)).toEqual(pulled());
    const manifests = await requestsAt(cache, "/other/probe/manifests/1");
    expect(manifests.length).toBeGreaterThanOrEqual(clients.length);
    expect(await requestsAt(upstream, "")).toEqual([]);
  });

  it("podman's own rule: a drop-in cancels what a node says of the registry, so the kit refuses to write one there", async () => {
    const image = `${place("plain", plain)}/probe:1`;
    const own = "/etc/containers/registries.conf.d/00-own.conf";
    await node.run(`printf '[[registry]]\nlocation = "${place("plain", plain)}"\nblocked = true\n' > ${own}`);
    const [podman] = clients;
    if (!podman) throw new Error("there is no podman");
    // The drop-in that is there since before.
    expect(await outcomeOf(podman, image)).toBe("pulled");
    const inputs = { hosts: ["plain.test"], port: plain.port, insecure: true, clients: ["podman"] };
    const again = new TrustStack().up({ ...inputs, connection: node.connection, login: { ...node.login } });
    await expect(again).rejects.toThrow(`${own} has a [[registry]] for ${place("plain", plain)} (blocked = true)`);
    await node.run(`rm ${own}`);
  });

  it("read the files in a user's home, too, for what that user runs without root's rights", async () => {
    const user = "kit-guest";
    const skopeo = await installSkopeo(node, authorities, user);
    const outcomes = async () => [
      await outcomeOf(skopeo, `${place("private", registry)}/probe:1`, moby),
      await outcomeOf(skopeo, "upstream-of-user.test/library/probe:1"),
    ];
    const refused = [expect.stringMatching(/x509: certificate signed/), expect.stringMatching(/no such host/)];
    expect(await outcomes()).toEqual(refused);
    const common = { connection: node.connection, login: { ...node.login, user }, clients: ["podman"], rootless: true };
    const own = { ...common, certificatePem: authority };
    const mirrors = { "upstream-of-user.test": [`https://${place("usercache", cache)}`] };
    const [first, second] = [new TrustStack(), new TrustStack()];
    await first.up({ ...own, hosts: ["private.test"], port: registry.port });
    await second.up({ ...own, hosts: ["usercache.test"], port: cache.port, mirrors });
    expect(await outcomes()).toEqual(["pulled", "pulled"]);
    await second.down();
    await first.down();
    expect(await outcomes()).toEqual(refused);
    expect(await node.run(`ls -A /home/${user}/.config 2>/dev/null || :`)).toBe("");
  });

  it("ask the other registry itself while the cache is down", async () => {
    await new Docker().getContainer(cache.id).stop({ t: 1 });
    expect(await pullAll(`${place("upstream", upstream)}/other/late:1`)).toEqual(pulled());
    const manifests = await requestsAt(upstream, "/other/late/manifests/1");
    expect(manifests.length).toBeGreaterThanOrEqual(clients.length);
  });

  it("refuse both again when the kit has removed its files, and have the configuration that they had", async () => {
    // The first made the folders that all use.
    for (const stack of stacks.toReversed()) await stack.down();
    expect(await configuration()).toEqual(before);
    await expectRefusals();
  });
});

/** "pulled", or why not. */
function outcomeOf(client: PullClient, image: string, credentials?: Credentials): Promise<string> {
  return client.pull(image, credentials).then(
    () => "pulled",
    (error: Error) => error.message,
  );
}

/** An authority and a server certificate as the kit issues them. */
async function issueKitCertificates(hosts: string[]) {
  const keyBits = 2048;
  const authority = await issueAuthority({ commonName: "Kit", keyBits, lifetime: "10 days" }, new Date());
  const server = await issueServerCertificate({ hosts, keyBits, lifetime: "5 days" }, authority, new Date());
  return {
    authority: authority.certificatePem,
    server: { certificate: server.certificatePem, key: server.privateKeyPem },
  };
}

/** Docker uses loopback addresses without trust. */
async function push({ port }: TestRegistry, images: string[], credentials?: Credentials): Promise<void> {
  await using user = await dockerUser();
  const place = `127.0.0.1:${port}`;
  if (credentials) await user.login(place, credentials.user, credentials.password);
  for (const image of images) {
    const reference = `${place}/${image}`;
    await makeRandomImage(reference, 10_000);
    expect((await user.docker(["push", reference])).exitCode).toBe(0);
    await user.docker(["image", "rm", reference]);
  }
}
