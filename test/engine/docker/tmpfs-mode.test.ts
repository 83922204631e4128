import { describe, expect, it } from "vitest";
import { realPlugin, startOurs, startReal } from "./plugins.ts";

const urn = "urn:pulumi:dev::kit::docker:index/service:Service::registry";
/** A service of the kit before and after it left the mode of /tmp to Docker (whose default is the same, 1777). */
const inputs = (mode?: number) => ({
  name: "registry",
  taskSpec: {
    containerSpec: {
      image: "registry:3.1.2",
      mounts: [{ type: "tmpfs", target: "/tmp", tmpfsOptions: { sizeBytes: 67108864, ...(mode ? { mode } : {}) } }],
    },
  },
});

describe("a service from before the mode of /tmp was left to Docker", () => {
  it.each([
    ["the built-in provider", startOurs, true],
    ["Pulumi's plugin", startReal, realPlugin !== undefined],
  ] as const)("is updated in place, never replaced, by %s", async (_name, start, there) => {
    if (!there) return expect(realPlugin, "pulumi-resource-docker is not on PATH").toBeUndefined();
    const plugin = await start();
    try {
      for (const mode of [0o1777, 0o777]) {
        const { inputs: oldInputs } = await plugin.check(urn, {}, inputs(mode));
        const { inputs: newInputs } = await plugin.check(urn, oldInputs, inputs());
        const { __defaults: _, ...oldOutputs } = oldInputs;
        const diff = await plugin.diff({ urn, id: "x", oldInputs, oldOutputs, newInputs });
        expect(diff).toMatchObject({ changes: "some", replaces: [] });
      }
    } finally {
      plugin.stop();
    }
  });
});
