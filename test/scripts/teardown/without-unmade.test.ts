import { expect, it } from "vitest";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import type { StackResource } from "../../../scripts/engines/engine.ts";
import { withoutUnmade } from "../../../scripts/teardown/without-unmade.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { randomName } from "../../support/random-name.ts";

describeWithDocker("A teardown after a killed run", () => {
  it("speaks of a volume that the run had begun only where it was made", async () => {
    const docker = dockerClient({});
    const [made, unmade] = [randomName("made"), randomName("unmade")];
    const volume = (name: string, begun: Pick<StackResource, "begun"> = { begun: true }): StackResource => {
      return { urn: name, type: "docker:index/volume:Volume", inputs: { name }, ...begun };
    };
    await docker.createVolume({ Name: made });
    try {
      // What is recorded is looked for by a refresh, not here.
      const recorded = volume(unmade, {});
      expect(await withoutUnmade([volume(made), volume(unmade), recorded], {})).toEqual([volume(made), recorded]);
    } finally {
      await docker.getVolume(made).remove();
    }
  });
});
