import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { ProjectCopy } from "../support/project-copy.ts";

const secret = "Correct horse, battery";

describeWithEngines("Settings that are changed by commands", (engine) => {
  let copy: ProjectCopy;
  beforeAll(async () => {
    copy = await ProjectCopy.make({ engine });
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  const typed = (command: string, args: string[], input: string) => copy.run(command, args, { input });
  const preview = () => copy.run("preview", ["--no-install"]);

  it("set-password takes standard input, encrypts it, and leaves the other users", async () => {
    const { all, exitCode } = await typed("set-password", ["gordon"], `${secret}\n`);
    expect(exitCode, all).toBe(0);
    expect(all).not.toContain(secret);
    expect(copy.settingsText()).not.toContain(secret);
    expect(copy.settingsText()).toMatch(/gordon:\n\s+password:\n\s+secure: v1:/);
    expect(copy.settingsText()).toMatch(/moby:\n\s+generated: true/);
    expect((await preview()).exitCode).toBe(0);
  });

  it("set-password takes the place of a generated password", async () => {
    expect((await typed("set-password", ["moby"], secret)).exitCode).toBe(0);
    expect(copy.settingsText()).not.toContain("generated");
    expect((await preview()).exitCode).toBe(0);
  });

  it.each<[string, string, string, string]>([
    ["an empty one", "set-password", "", "standard input is empty"],
    ["two lines", "set-password", "a\nb\n", "more than one line"],
    ["one that is too long", "set-password", "x".repeat(73), "must be 72 bytes in UTF-8 at most"],
  ])("%s is refused, and nothing changes", async (_, command, input, message) => {
    const before = copy.settingsText();
    const { all, exitCode } = await typed(command, ["gordon"], input);
    expect(all).toContain(message);
    expect([exitCode, copy.settingsText()]).toEqual([1, before]);
  });

  it("config set writes values, asks for secrets, and refuses them on the command line", async () => {
    expect((await copy.run("config", ["set", "container.memory", "256"])).exitCode).toBe(0);
    expect((await copy.run("config", ["get", "container.memory"])).stdout).toBe("256");
    const { all, exitCode } = await copy.run("config", ["set", "users.gordon.password", secret]);
    expect(exitCode).toBe(1);
    expect(all).toMatch(/users\.gordon\.password is a secret.*Leave the value out/);
    expect((await typed("config", ["set", "users.gordon.password"], "another one\n")).exitCode).toBe(0);
    expect((await copy.run("config", ["get", "users.gordon.password"])).stdout).toBe("[secret]");
    expect((await copy.run("config", ["unset", "container.memory"])).exitCode).toBe(0);
    for (const [place, words] of [
      ["hosts[5]", "hosts has no place 5"],
      ["hosts.a", 'hosts has no part "a"'],
      ["port.x", 'port has no part "x": it is a list or a single value'],
    ] as const)
      expect((await copy.run("config", ["set", place, "a.test"])).all).toContain(words);
    expect(copy.settingsText()).not.toContain("memory");
  });
});
