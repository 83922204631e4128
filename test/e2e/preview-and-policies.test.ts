import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { ProjectCopy } from "../support/project-copy.ts";

const insecure = { tls: "none", insecure: "i-understand", users: "none", address: "0.0.0.0" };

describeWithEngines("preview and policies", (engine) => {
  it("stop a stack that is reachable without TLS before anything is touched", async () => {
    await using copy = await ProjectCopy.make({ engine, settings: { ...insecure, trust: "none" } });
    const refused = await copy.run("up", ["--no-verify", "--policy-pack", "policy"]);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.all).toMatch(/❌ registry-kit@v\d.*\n +- \[mandatory\] {2}no-published-port-without-tls/);
    expect(refused.all).toContain(`Port ${copy.port} is published on 0.0.0.0`);
    const { stdout } = await execa("docker", ["ps", "--all", "--quiet", "--filter", `name=${copy.name}`]);
    const volumes = await execa("docker", ["volume", "ls", "--quiet", "--filter", `name=${copy.name}`]);
    expect([stdout, volumes.stdout]).toEqual(["", ""]);
  });

  const summarise = async (copy: ProjectCopy, args: string[], env: Record<string, string> = {}) => {
    const file = join(copy.folder, "summary.md");
    const { exitCode, all } = await copy.run("preview", ["--markdown", file, ...args], { env });
    const text = readFileSync(file, "utf8");
    expect(text, all).toMatch(/^<!-- registry-kit preview: dev -->\n/);
    expect(text).not.toContain(copy.folder);
    return { exitCode, text };
  };

  it("summarise a plan on a machine without Docker, and say what was assumed", async () => {
    await using copy = await ProjectCopy.make({ engine });
    const blind = await summarise(copy, ["--policy-pack", "policy"], {
      DOCKER_HOST: `unix://${copy.folder}/none.sock`,
    });
    expect(blind).toMatchObject({ exitCode: 0, text: expect.stringMatching(/`dev`: \d+ to create/) });
    expect(blind.text).toMatch(/No Docker host answered this preview\. Assumed: .*port \d+/);
    expect(blind.text).toMatch(/⚠️ `image-pinned` \(advisory\)/);
    expect(blind.text, "what is mandatory is kept").not.toContain("❌");
    expect((await copy.run("preview", ["--refresh"], { env: { DOCKER_HOST: "unix:///none.sock" } })).exitCode).toBe(1);
  });

  it("summarise a plan, and drift", async () => {
    await using copy = await ProjectCopy.make({ engine });
    const up = await copy.run("up", ["--no-verify", "--policy-pack", "policy"]);
    expect(up.exitCode, up.all).toBe(0);
    const passwords = Object.values((await copy.outputs())?.passwords as Record<string, string>);
    copy.change({ "container.memory": 512, "container.labels": { team: "ops" }, "rotation.certificate": 2 });
    const changed = await summarise(copy, []);
    expect(changed).toMatchObject({ exitCode: 0, text: expect.stringContaining("2 to replace") });
    expect(changed.text).toMatch(
      /♻️ replace \| `registry`<br>docker:Container \| \*\*`labels`\*\*.* \| kept \| \*\*gap\*\*/,
    );
    expect(changed.text).toMatch(/`registry-certificate` ends in 396 days .*; this update makes a new one/);
    for (const password of passwords) expect(changed.text).not.toContain(password);

    copy.change({ "container.memory": undefined, "container.labels": undefined, "rotation.certificate": undefined });
    await execa("docker", ["rm", "--force", copy.name]);
    const trusted = await summarise(copy, ["--expect-no-changes"]);
    expect(trusted, "the state knows nothing of it").toMatchObject({ exitCode: 0 });
    const drift = await summarise(copy, ["--expect-no-changes", "--refresh"]);
    expect(drift.exitCode).toBe(1);
    expect(drift.text).toMatch(
      /What is really there is not what the settings say.*\n(.*\n)*.*➕ create \| `registry`<br>docker:Container/,
    );
  });
});
