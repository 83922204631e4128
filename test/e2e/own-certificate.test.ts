import { X509Certificate } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { curl } from "../support/curl.ts";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import type { TestCertificate } from "../support/test-certificates.ts";
import { issueTestCertificate, makeTestAuthority } from "../support/test-certificates.ts";

const docker = dockerClient({});
const hosts = ["127.0.0.1", "localhost"];

describeWithEngines("A certificate that the user brings", (engine) => {
  let copy: ProjectCopy;
  let authority: TestCertificate;
  let other: TestCertificate;
  let own: TestCertificate;

  beforeAll(async () => {
    [authority, other] = [await makeTestAuthority("Our company"), await makeTestAuthority("Another company")];
    own = await issueTestCertificate(authority, hosts);
    copy = await ProjectCopy.make({ engine });
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  const bring = ({ certificate, key }: TestCertificate, chain = authority.certificate) =>
    copy.change({ tls: { provided: { certificate, privateKey: key, chain } } });
  const presentedTo = async (ca: string) => (await curl(`https://${copy.place}/`, { authority: ca })).status;

  it.each<[string, () => Promise<[TestCertificate, string?]>, string[]]>([
    [
      "the key is another's, a host is not covered, and it has expired",
      async () => {
        const expired = await issueTestCertificate(authority, ["localhost"], { days: -1 });
        return [{ ...expired, key: own.key }];
      },
      ["tls.provided.certificate", "127.0.0.1", "expired", "tls.provided.privateKey"],
    ],
    ["the chain is another authority's", async () => [own, other.certificate], ["tls.provided.chain"]],
    [
      "nothing is what it is said to be",
      async () => [{ certificate: own.key, key: own.certificate }, "chain"],
      ["tls.provided.certificate", "tls.provided.privateKey", "tls.provided.chain"],
    ],
  ])("is refused at preview when %s", async (_name, make, expected) => {
    bring(...(await make()));
    const { exitCode, all } = await copy.run("preview");
    expect(exitCode).toBe(1);
    for (const text of expected) expect(all).toContain(text);
    for (const line of own.key.split("\n").filter((text) => /^[\w+/=]{30,}$/.test(text)))
      expect(all).not.toContain(line);
    expect(await docker.listContainers({ all: true, filters: { name: [copy.name] } })).toEqual([]);
  });

  it("is what the registry presents, and its authority is what the daemon trusts, also where it was trusted before", async () => {
    bring(own);
    const trusted = join(copy.certsDirectory, copy.place, "ca.crt");
    mkdirSync(dirname(trusted), { recursive: true });
    writeFileSync(trusted, authority.certificate);
    const up = await copy.run("up");
    expect(up.exitCode, up.all).toBe(0);
    expect(up.stdout).toMatch(/ 0 failed, 0 skipped$/m);
    expect(await presentedTo(authority.certificate)).toBe(200);
    await expect(presentedTo(other.certificate)).rejects.toThrow();
    const { caCertificate, certificateExpires } = (await copy.outputs()) as Record<string, string>;
    expect(caCertificate).toBe(authority.certificate);
    expect(Date.parse(String(certificateExpires))).toBe(new X509Certificate(own.certificate).validToDate.getTime());
  });

  it("gives way to its successor without a new container", async () => {
    const before = (await docker.getContainer(copy.name).inspect()).Id;
    bring(await issueTestCertificate(other, hosts), other.certificate);
    const up = await copy.run("up", ["--no-verify"]);
    expect(up.exitCode, up.all).toBe(0);
    expect(await presentedTo(other.certificate)).toBe(200);
    expect((await docker.getContainer(copy.name).inspect()).Id).toBe(before);
  });
});
