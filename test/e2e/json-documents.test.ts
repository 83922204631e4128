import { afterAll, beforeAll, expect, it } from "vitest";
import type { z } from "zod";
import { failure, jsonDocuments } from "../../scripts/documentation/json-documents.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { ProjectCopy } from "../support/project-copy.ts";

describeWithDocker("With --json each command prints one document of its schema", () => {
  let copy: ProjectCopy;
  beforeAll(async () => {
    copy = await ProjectCopy.make({ engine: "builtin" });
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  /** The document, after it has been held against its schema. */
  async function document(command: string, args: string[], schema: z.ZodType | undefined = jsonDocuments[command]) {
    const { stdout, exitCode, all } = await copy.run(command, [...args, "--json"]);
    const value = JSON.parse(stdout) as Record<string, unknown>;
    expect(schema?.safeParse(value).error?.issues, all).toBeUndefined();
    return { value, exitCode };
  }

  it("where nothing is deployed yet, or the stack is none", async () => {
    for (const [command, args] of [
      ["status", []],
      ["verify", []],
      ["password", ["moby"]],
      ["rotate", ["certificate"]],
      ["up", ["--stack", "nobody"]],
      ["down", ["--stack", "nobody"]],
      ["config", ["get", "prot"]],
    ] as const) {
      const { value, exitCode } = await document(command, [...args], failure);
      expect([value.exitCode, exitCode]).toEqual([1, 1]);
    }
  });

  it("up with a wrong setting, then a good one", async () => {
    const text = copy.settingsText();
    copy.change({ "container.memory": -1 });
    const wrong = await document("up", []);
    expect(wrong.value).toMatchObject({ stack: "dev", exitCode: 1 });
    expect(String(wrong.value.errors)).toContain("container.memory");
    copy.restore(text);
    const { value } = await document("up", []);
    expect(value).toMatchObject({ exitCode: 0, errors: [], proof: { proven: true }, registry: { users: ["moby"] } });
    expect((value.changes as unknown[]).length).toBeGreaterThan(8);
  });

  it("what looks at it, changes it, and removes it", async () => {
    await document("preview", []);
    await document("status", []);
    await document("verify", []);
    await document("password", ["moby"]);
    await document("config", ["list"]);
    await document("refresh", []);
    const rotated = await document("rotate", ["http-secret"]);
    expect(rotated.value).toMatchObject({ exitCode: 0, proof: { proven: true } });
    const { value } = await document("down", []);
    expect(value).toMatchObject({ exitCode: 0, errors: [] });
    expect(value.goes).toContain(`container ${copy.name}`);
  });
});
