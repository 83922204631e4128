import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import Docker from "dockerode";
import { execa } from "execa";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkClientCertificate } from "../../components/certificates/check-client-certificate.ts";
import { registryOptions } from "../../components/registry/configuration/registry-options.ts";
import { renderConfiguration } from "../../components/registry/configuration/render-configuration.ts";
import { healthUrl } from "../../components/registry/health-url.ts";
import { explainDaemonError } from "../../scripts/proof/explain-daemon-error.ts";
import { requestRegistry } from "../../scripts/proof/request-registry.ts";
import { authorityExtensions, opensslIssue, type Pair } from "../certificates/openssl-issue.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { poll } from "../support/poll.ts";
import { randomName } from "../support/random-name.ts";
import { registryImage } from "../support/start-registry.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { settingsProblems, testSettings } from "../support/test-settings.ts";

const forClients = ["basicConstraints=CA:FALSE", "extendedKeyUsage=clientAuth"];

describe("Client certificates in the settings", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let authority: Pair;
  let client: Pair;
  let other: Pair;
  let server: Pair;
  const weak: Record<string, { certificate: string; privateKey: string }> = {};
  beforeAll(async () => {
    folder = await temporaryFolder();
    authority = await opensslIssue(folder.path, "clients", { extensions: authorityExtensions });
    client = await opensslIssue(folder.path, "client", { extensions: forClients, by: "clients" });
    server = await opensslIssue(folder.path, "server", { extensions: ["extendedKeyUsage=serverAuth"], by: "clients" });
    other = await opensslIssue(folder.path, "other", { extensions: forClients });
    const explicit = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"];
    for (const [name, request] of Object.entries({
      sha1: { more: ["-sha1"] },
      serial: { more: ["-set_serial", "-5"] },
      curve: { newKey: explicit },
    })) {
      const made = await opensslIssue(folder.path, name, { ...request, extensions: forClients, by: "clients" });
      weak[name] = { certificate: made.certificate, privateKey: made.key };
    }
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const good = () => ({ authorities: authority.certificate, certificate: client.certificate, privateKey: client.key });

  it("are taken where the kit's own one is of the authority", () => {
    expect(checkClientCertificate(good(), new Date())).toEqual([]);
    expect(settingsProblems(() => testSettings({ hosts: ["registry.test"], tls: { clients: good() } }))).toEqual([]);
  });

  it.each<[string, () => Partial<ReturnType<typeof good>>, string]>([
    [
      "of another authority",
      () => ({ certificate: other.certificate, privateKey: other.key }),
      "tls.clients.certificate is not signed by one of the authorities of clients",
    ],
    [
      "for servers",
      () => ({ certificate: server.certificate, privateKey: server.key }),
      "tls.clients.certificate is not for TLS clients",
    ],
    ["with another key", () => ({ privateKey: other.key }), "tls.clients.privateKey is not the key of the certificate"],
    [
      "with a key in the wrong place",
      () => ({ authorities: authority.key }),
      "tls.clients.authorities holds a private key",
    ],
    ["with a signature by SHA-1", () => weak.sha1 as object, "tls.clients.certificate is signed with SHA-1"],
    [
      "with a negative serial number",
      () => weak.serial as object,
      "tls.clients.certificate has a negative serial number",
    ],
    ["with a curve of its own", () => weak.curve as object, "tls.clients.certificate has "],
    [
      "where the authority's lines are folded",
      () => ({ authorities: authority.certificate.replaceAll("\n", " ") }),
      "tls.clients.authorities ",
    ],
  ])("are refused %s", (_name, change, words) => {
    const clients = { ...good(), ...change() };
    expect(settingsProblems(() => testSettings({ hosts: ["registry.test"], tls: { clients } }))).toContainEqual(
      expect.stringContaining(words),
    );
  });

  it("are written as Go finds them, whatever stands before an authority", () => {
    const clients = { ...good(), authorities: `\uFEFF${authority.certificate}` };
    const { tls } = testSettings({ hosts: ["registry.test"], tls: { clients } });
    expect(tls === "none" ? undefined : tls.clients?.authorities).toBe(authority.certificate);
  });

  it("are refused at loopback addresses, to which Docker sends none", () => {
    expect(settingsProblems(() => testSettings({ hosts: ["localhost"], tls: { clients: good() } }))).toEqual([
      expect.stringContaining(
        "tls.clients is set, and Docker sends no client certificate to loopback addresses (localhost)",
      ),
    ]);
  });
});

describeWithDocker("A registry that asks for client certificates", () => {
  const docker = new Docker();
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let container: Docker.Container;
  let address: string;
  let authority: Pair;
  let client: Pair;
  let certs: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    authority = await opensslIssue(folder.path, "clients", { extensions: authorityExtensions });
    client = await opensslIssue(folder.path, "client", { extensions: forClients, by: "clients" });
    container = await docker.createContainer({
      name: randomName("mtls"),
      Image: registryImage,
      Env: ["OTEL_TRACES_EXPORTER=none"],
    });
    // Its address is known when it runs: what it first starts with is replaced.
    await container.start();
    address = Object.values((await container.inspect()).NetworkSettings.Networks)[0]?.IPAddress ?? "";
    const server = await opensslIssue(folder.path, "server", { extensions: [`subjectAltName=IP:${address}`] });
    const configuration = renderConfiguration({
      options: registryOptions.parse({}),
      storage: { driver: "filesystem", rootDirectory: "/var/lib/registry" },
      port: 5000,
      httpSecret: "x",
      tls: {
        certificate: "/etc/distribution/server.crt",
        key: "/etc/distribution/server.key",
        clientAuthorities: "/etc/distribution/client-ca.crt",
      },
    });
    const archive = pack();
    const files = {
      "config.yml": configuration,
      "server.crt": server.certificate,
      "server.key": server.key,
      "client-ca.crt": authority.certificate,
    };
    for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
    archive.finalize();
    await container.putArchive(await buffer(archive), { path: "/etc/distribution" });
    await container.restart({ t: 0 });
    authority = { ...authority, certificate: server.certificate };
    certs = `/etc/docker/certs.d/${address}:5000`;
    await poll("the registry answers", () => ask(client).then(({ status }) => status === 200));
  });
  afterAll(async () => {
    await container?.remove({ force: true, v: true });
    await rm(certs, { recursive: true, force: true });
    await folder[Symbol.asyncDispose]();
  });

  const ask = (shown: Pair | undefined) =>
    requestRegistry(
      {
        host: address,
        connectTo: address,
        port: 5000,
        authority: authority.certificate,
        client: shown && { certificate: shown.certificate, privateKey: shown.key },
      },
      { method: "GET", path: "/v2/", user: { name: "moby", password: "x" } },
      AbortSignal.timeout(10_000),
    );

  it("answers who shows one, and nobody else", async () => {
    expect((await ask(client)).status).toBe(200);
    await expect(ask(undefined)).rejects.toThrow(/certificate required|ECONNRESET|socket hang up/);
    const other = await opensslIssue(folder.path, "other", { extensions: forClients });
    await expect(ask(other)).rejects.toThrow();
  });

  it("is healthy by what its health check asks", async () => {
    const url = healthUrl({ chainPem: "", privateKeyPem: "", clientAuthoritiesPem: "x" }, { debug: undefined });
    const { exitCode } = await execa("docker", ["exec", container.id, "wget", "-q", "-O", "/dev/null", url], {
      reject: false,
    });
    expect(exitCode).toBe(0);
  });

  it("takes a push and gives a pull to a daemon that has client.cert and client.key in certs.d, and to no other", async () => {
    const image = `${address}:5000/first/image:1`;
    await docker.getImage(registryImage).tag({ repo: `${address}:5000/first/image`, tag: "1" });
    try {
      await mkdir(certs, { recursive: true });
      await writeFile(join(certs, "ca.crt"), authority.certificate);
      const refused = await execa("docker", ["push", image], { reject: false, timeout: 60_000 });
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stderr).toContain("certificate required");
      const target = { hosts: [address], port: 5000, tls: undefined, users: [], docker: {}, secrets: [] };
      expect(explainDaemonError(new Error(refused.stderr), `${address}:5000`, target)).toContain(
        `put client.cert and client.key into ${certs}/`,
      );
      await writeFile(join(certs, "client.cert"), client.certificate);
      await writeFile(join(certs, "client.key"), client.key, { mode: 0o600 });
      await execa("docker", ["push", image], { timeout: 60_000 });
      await docker.getImage(image).remove();
      await execa("docker", ["pull", image], { timeout: 60_000 });
    } finally {
      await docker
        .getImage(image)
        .remove()
        .catch(() => {});
    }
  });
});
