import { afterAll, beforeAll, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { execInContainer } from "../../scripts/proof/exec-in-container.ts";
import { authorityExtensions, opensslIssue } from "../certificates/openssl-issue.ts";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { bridgeAddress } from "../support/s3-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const docker = dockerClient({});

describeWithEngines("The health check of a registry in use", (engine) => {
  let copy: ProjectCopy;
  let clients: Record<"authorities" | "certificate" | "privateKey", string>;

  beforeAll(async () => {
    await using folder = await temporaryFolder();
    const authority = await opensslIssue(folder.path, "clients", { extensions: authorityExtensions });
    const extensions = ["basicConstraints=CA:FALSE", "extendedKeyUsage=clientAuth"];
    const { certificate, key } = await opensslIssue(folder.path, "client", { extensions, by: "clients" });
    clients = { authorities: authority.certificate, certificate, privateKey: key };
    // Docker sends no client certificate to loopback addresses.
    const address = await bridgeAddress();
    copy = await ProjectCopy.make({
      engine,
      settings: { hosts: [address], address, trust: "none", users: "none", insecure: "i-understand" },
    });
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  it.each<[string, () => Record<string, unknown>, RegExp]>([
    ["HTTPS", () => ({}), /^https:/],
    ["plain HTTP, once TLS is off", () => ({ tls: "none" }), /^http:.*:5000\/$/],
    ["the debug server, with client certificates", () => ({ tls: { clients } }), /:5001\/debug\/health$/],
    ["another port of the debug server", () => ({ registry: { debug: { port: 5010 } } }), /:5010\/debug\/health$/],
    ["HTTPS again, without client certificates", () => ({ tls: undefined }), /^https:/],
  ])("asks %s", async (_name, change, url) => {
    copy.change(change());
    const { exitCode, all } = await copy.run("up", ["--no-verify"]);
    expect(exitCode, all).toBe(0);
    const container = docker.getContainer(copy.name);
    const test = (await container.inspect()).Config.Healthcheck?.Test ?? [];
    expect(test.at(-1)).toMatch(url);
    expect(await execInContainer(container, test.slice(1))).toMatchObject({ code: 0 });
  });

  it("is settled after the last change", async () => {
    const { exitCode, all } = await copy.run("preview", ["--expect-no-changes"]);
    expect(exitCode, all).toBe(0);
  });
});
