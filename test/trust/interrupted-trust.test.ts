import { readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { snapshot } from "./snapshot.ts";
import { someoneElses, TrustFixture } from "./trust-fixture.ts";
import { TrustStack } from "./trust-stack.ts";

const fixture = new TrustFixture();

describe("a run that was killed before what it had written was recorded", () => {
  const age = (path: string, seconds: number) => {
    const time = Date.now() / 1000 - seconds;
    return utimes(path, time, time);
  };
  const hosts = ["registry.test", "second.test"];

  it("is gone on with by the kit's engine: its files are found, and go with down", async () => {
    const since = new Date();
    const stack = new TrustStack();
    await stack.up(fixture.settings({ hosts }));
    const { state } = stack;
    await stack.loseState(since);
    expect(stack.outputs).toEqual({ ...state?.outputs, folders: expect.any(Array) });
    expect(await stack.up(fixture.settings({ hosts }))).toBe("none");
    await stack.down();
    expect(await snapshot(fixture.root)).toEqual({
      etc: expect.anything(),
      "etc/docker": expect.anything(),
    });
  });

  it("has written no file that is older than itself: an equal one of somebody's is used, said so, and left", async () => {
    await someoneElses(fixture.fileOf("registry.test"), fixture.ca, 0o444);
    await age(fixture.fileOf("registry.test"), 10);
    const before = await snapshot(fixture.certsDirectory);
    const since = new Date(Date.now() - 5_000);
    const stack = new TrustStack();
    await stack.up(fixture.settings({ hosts }));
    await stack.loseState(since);
    expect(stack.outputs.files.map(({ path }) => path)).toEqual([fixture.fileOf("second.test")]);
    expect(await stack.up(fixture.settings({ hosts }))).toBe("update");
    expect(stack.log.at(-1)).toMatch(/^info: .*registry\.test:5000\/ca\.crt is there already with the same content/);
    await stack.down();
    expect(await snapshot(fixture.certsDirectory)).toEqual(before);
  });

  it.each(["a draft of a file", "a folder for one"])(
    "has begun %s: it is found, and goes with down or with the next up",
    async (what) => {
      for (const next of ["down", "up"]) {
        const since = new Date();
        const stack = new TrustStack();
        await stack.up(fixture.settings({ hosts }));
        const folder = dirname(fixture.fileOf("second.test"));
        await rm(fixture.fileOf("second.test"));
        if (what === "a draft of a file")
          await writeFile(join(folder, ".ca.crt.registry-kit"), fixture.ca.slice(0, 100));
        await stack.loseState(since);
        if (next === "up") {
          expect(await stack.up(fixture.settings({ hosts }))).toBe("update");
          expect(await readdir(folder)).toEqual(["ca.crt"]);
        }
        await stack.down();
        expect(Object.keys(await snapshot(fixture.root)), next).toEqual(["etc", "etc/docker"]);
      }
    },
  );

  it("claims nothing where it is not known when it began", async () => {
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    await stack.loseState(new Date(0));
    expect(stack.state).toBeUndefined();
  });

  it("leaves its file behind where the engine does not look: the next up says so", async () => {
    await new TrustStack().up(fixture.settings());
    const stack = new TrustStack();
    expect(await stack.up(fixture.settings())).toBe("create");
    expect(stack.log).toEqual([expect.stringContaining("it is used, and stays when this is removed")]);
    await stack.down();
    expect(await readFile(fixture.fileOf("registry.test"), "utf8")).toBe(fixture.ca);
  });

  it("on a node that can't be reached now keeps no other from being done", async () => {
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    if (stack.state) stack.state.inputs.connection = { type: "ssh", host: "127.0.0.1", port: 1 };
    await stack.loseState(new Date());
    expect(stack.state).toBeUndefined();
    expect(stack.log).toEqual([expect.stringMatching(/^warning: .*127\.0\.0\.1:1.*taken for a foreign file/)]);
  });
});
