import { join } from "node:path";
import { expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { curl } from "../support/curl.ts";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { dockerUser } from "../support/docker-user.ts";
import { ProjectCopy } from "../support/project-copy.ts";

/** What YAML, shells, URLs, templates and regular expressions take for their own, and what is not ASCII. */
const special = `[ & # % : " ' $ {} \\ é 漢 \u{1F433} $HOME %s ]`;
const strange = "mo by&#%'\"$é漢";
const docker = dockerClient({});

describeWithEngines("Special characters", (engine) => {
  it("work in every text setting and in passwords, from the settings to the registry and back", {
    timeout: 240_000,
  }, async () => {
    const users = {
      digits: { password: "0123456789", cost: 4 },
      "12345": { password: "no", cost: 4 },
      [strange]: { password: `its own ${special}`, cost: 4 },
      null: { password: "true", cost: 4 },
      colon: { password: "a:b:c", cost: 4 },
    };
    await using copy = await ProjectCopy.make({
      engine,
      settings: {
        users,
        "tls.authority.commonName": `CA ${special}`,
        "container.labels": { "org.example.note": special, digits: "007" },
        "registry.realm": `[ & # % : ' $ é 漢 ]`,
        "registry.log.fields": { note: special, digits: "007" },
        "registry.headers": { "X-Note": "[ & # % : \" ' $ ]" },
      },
    });
    copy.change({ "trust.certsDirectory": join(copy.folder, "certs & [d] # $HOME é 漢 '") });
    const up = await copy.run("up");
    expect(up.exitCode, up.all).toBe(0);
    expect(up.stdout).toMatch(/^Proof: \d+ passed, 0 failed, 0 skipped$/m);
    const second = await copy.run("preview", ["--expect-no-changes"]);
    expect(second.exitCode, second.all).toBe(0);

    await using somebody = await dockerUser();
    for (const [name, { password }] of Object.entries(users)) {
      const answer = await curl(`https://${copy.place}/v2/`, { user: `${name}:${password}`, insecure: true });
      expect([name, answer.status]).toEqual([name, 200]);
      expect(answer.headers["x-note"]).toBe("[ & # % : \" ' $ ]");
      const login = await somebody.login(copy.place, name, password);
      expect(login.exitCode, `${name}: ${login.all}`).toBe(0);
    }
    const passwords = Object.fromEntries(Object.entries(users).map(([name, { password }]) => [name, password]));
    expect(await copy.outputs()).toMatchObject({ passwords });
    const printed = await copy.run("password", [strange]);
    expect(printed.stdout).toBe(passwords[strange]);
    const { Config } = await docker.getContainer(copy.name).inspect();
    expect(Config.Labels).toMatchObject({ "org.example.note": special, digits: "007" });
    const down = await copy.run("down");
    expect(down.exitCode, down.all).toBe(0);
  });
});
