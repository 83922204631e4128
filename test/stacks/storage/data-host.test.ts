import { expect, it } from "vitest";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { dataHost } from "../../../stacks/storage/find-data-host.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { testSettings } from "../../support/test-settings.ts";

describeWithDocker("The machine of a stack's images", () => {
  const find = (given: Record<string, unknown>) => dataHost(testSettings({ hosts: ["r.test"], ...given }));

  it("is the Docker engine's for a volume and for a folder", async () => {
    const { ID: id, Name: name } = await dockerClient({}).info();
    expect(await find({})).toEqual({ id, name, place: "volume registry-data" });
    const storage = { bindMount: { path: "/srv/images", host: "b" } };
    expect(await find({ storage })).toEqual({ id, name, place: "folder /srv/images", confirmed: "b" });
  });

  it.each([
    ["a bucket", { s3: { bucket: "images", region: "eu-central-1" } }],
    [
      "a volume that machines share",
      { volume: { name: "images", driverOptions: { type: "nfs", o: "addr=a", device: ":/" } } },
    ],
  ])("is of no interest for %s", async (_, storage) => expect(await find({ storage })).toBeUndefined());

  it("is not known while no Docker host answers", async () => {
    expect(await find({ docker: { url: "unix:///nobody/docker.sock" } })).toBeUndefined();
  });
});
