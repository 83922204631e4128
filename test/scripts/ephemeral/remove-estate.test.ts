import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { dockerClient } from "../../../components/docker-host/docker-client.ts";
import { removeEstate } from "../../../scripts/ephemeral/remove-estate.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { makeTestAuthority } from "../../support/test-certificates.ts";

describeWithDocker("What a throw-away stack left in certs.d", () => {
  it("goes with containerd's file that leads to it, and nobody else's", async () => {
    await using folder = await temporaryFolder();
    const { certificate } = await makeTestAuthority("registry-kit CA pr-1");
    const [own, other] = ["own", "other"].map((name) => join(folder.path, name, "ca.crt")) as [string, string];
    const hosts = [own, other].map((file) => join(dirname(file), "hosts.toml"));
    for (const file of [own, other]) {
      mkdirSync(dirname(file));
      writeFileSync(file, certificate);
    }
    writeFileSync(hosts[0] ?? "", `server = "https://own"\nca = ${JSON.stringify(own)}\n`);
    writeFileSync(hosts[1] ?? "", 'server = "https://other"\nca = "/somewhere/else.crt"\n');
    const nothing = { containers: [], volumes: [], networks: [] };
    const estate = { stack: "pr-1", name: "pr-1", created: new Date(), ...nothing, trustedFiles: [own, other] };
    const said: string[] = [];
    await removeEstate(dockerClient({}), { ...estate, authority: "registry-kit CA pr-1" }, (line) => said.push(line));
    expect(existsSync(dirname(own))).toBe(false);
    expect(existsSync(hosts[1] ?? "")).toBe(true);
    expect(said).toEqual([]);
  });
});
