import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import type { DockerNode } from "../support/docker-node.ts";
import { pollUntil } from "../support/namespace.ts";
import { dockerNodeObstacle, nodeNetwork } from "../support/node-network.ts";
import { makeAuthority, makeServerCertificate } from "../support/openssl-certificates.ts";
import { TrustStack } from "./trust-stack.ts";

const registryImage = "registry:3.1.2";
const obstacle = await dockerNodeObstacle(registryImage);

describe.skipIf(obstacle)(`a real daemon${obstacle ? ` (skipped: ${obstacle})` : ""}`, { timeout: 240_000 }, () => {
  it("refuses the registry's certificate, and takes it as soon as NodeTrust has written, without reload or restart", async () => {
    await using network = await nodeNetwork();
    const server = await network.startNode();
    const client = await network.startNode();
    const { certificatePem, digest } = await startRegistry(server);
    const pid = await client.daemonPid();
    const host = server.address;
    const settings = { hosts: [host], port: 5000, certificatePem, connection: { type: "local" } };
    const inputs = { ...settings, certsDirectory: client.certsDirectory };
    const expectTrust = async (address: string, isTrusted: boolean) => {
      const pull = client.docker("pull", `${address}/probe:1`);
      if (isTrusted) await expect(pull).resolves.toContain(`Digest: ${digest}`);
      else await expect(pull).rejects.toThrow(/x509: certificate signed by unknown authority/);
    };

    await expectTrust(`${host}:5000`, false);
    const stack = new TrustStack();
    await stack.up(inputs);
    await expectTrust(`${host}:5000`, true);

    await stack.up({ ...inputs, certificatePem: await makeAuthority(client.folder, "other") });
    await expectTrust(`${host}:5000`, false);
    await stack.up(inputs);
    await expectTrust(`${host}:5000`, true);

    await expectTrust(host, false);
    await stack.up({ ...inputs, port: 443 });
    await expectTrust(host, true);
    await expectTrust(`${host}:5000`, false);

    await stack.down();
    await expectTrust(host, false);
    expect(await client.daemonPid()).toBe(pid);
  });
});

/** A registry with TLS on the node's own address, ports 5000 and 443; it holds `probe:1`. */
async function startRegistry(node: DockerNode): Promise<{ certificatePem: string; digest: string }> {
  const certificates = join(node.folder, "certificates");
  await mkdir(certificates);
  const certificatePem = await makeAuthority(certificates, "ca");
  await makeServerCertificate(certificates, "ca", node.address);
  await node.load(registryImage);
  const shared = ["--network=host", `--volume=${certificates}:/tls:ro`, "--volume=images:/var/lib/registry"];
  const tls = ["-e", "REGISTRY_HTTP_TLS_CERTIFICATE=/tls/server.crt", "-e", "REGISTRY_HTTP_TLS_KEY=/tls/server.key"];
  for (const port of [5000, 443]) {
    await node.docker("run", "-d", ...shared, ...tls, "-e", `REGISTRY_HTTP_ADDR=:${port}`, registryImage);
  }

  // A daemon takes any certificate of a loopback address: that is how the image gets in.
  const local = "127.0.0.1:5000/probe:1";
  await execa("tar", ["-cf", join(node.folder, "probe.tar"), "-C", certificates, "ca.crt"]);
  await node.docker("import", join(node.folder, "probe.tar"), local);
  let pushed = "";
  await pollUntil("the registry takes an image", 30_000, async () => {
    pushed = await node.docker("push", local).catch(() => "");
    return pushed !== "";
  });
  return { certificatePem, digest: pushed.match(/sha256:[0-9a-f]{64}/)?.[0] ?? "no digest" };
}
