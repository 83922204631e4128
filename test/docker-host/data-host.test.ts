import { expect, it } from "vitest";
import { type DataHost, movedData } from "../../components/docker-host/data-host.ts";
import { volumeFilesDefinition } from "../../components/files/volume-files-lifecycle.ts";
import { swarmMembershipDefinition } from "../../components/swarm/swarm-membership-lifecycle.ts";

const a: DataHost = { id: "AAAA", name: "node-a", place: "volume images" };
const b: DataHost = { ...a, id: "BBBB", name: "node-b" };

it.each<[string, DataHost, DataHost | undefined]>([
  ["a first run", b, undefined],
  ["the same machine, under another name too", { ...a, name: "renamed" }, a],
  ["the same node of a swarm, asked for by two managers", { ...b, nodeId: "N" }, { ...a, nodeId: "N" }],
  ["another volume", { ...b, place: "volume others" }, a],
  ["a machine that is confirmed by name", { ...b, confirmed: "node-b" }, a],
  ["a machine that is confirmed by id", { ...b, confirmed: "BBBB" }, a],
])("%s leaves nothing behind", (_, now, old) => expect(movedData(now, old)).toBeUndefined());

it("another machine is refused, with both names and the setting to go on with", () => {
  expect(movedData(b, a)).toMatch(
    /^is node-b now, and the images of the last run are on node-a: .* copy the volume images to node-b, .* set storage.volume.host to node-b\.$/,
  );
  const folder = { place: "folder /srv" };
  expect(movedData({ ...b, ...folder }, { ...a, ...folder })).toMatch(/set storage.bindMount.host to node-b\.$/);
});

it("machines of one name are told by their ids", () => {
  expect(movedData({ ...b, name: "node-a" }, a)).toMatch(
    /^is node-a \(BBBB\) now, .* are on node-a \(AAAA\): .* set storage.volume.host to BBBB\.$/,
  );
});

it("a machine other than the confirmed one is refused at once", () => {
  expect(movedData({ ...b, confirmed: "node-a" }, undefined)).toMatch(
    /^is node-b, and storage.volume.host says that the images are on node-a\./,
  );
});

it.each([
  ["a container's files", volumeFilesDefinition],
  ["a service's swarm", swarmMembershipDefinition],
])("%s are checked for it at preview", async (_, { validateKnown }) => {
  const context = { urn: "urn:x", log: () => {}, now: () => new Date() };
  const problems = await validateKnown?.({ dataHost: b }, { dataHost: a }, context);
  expect(problems).toEqual([{ property: "dataHost", reason: movedData(b, a) }]);
  expect(await validateKnown?.({ dataHost: b }, { dataHost: b }, context)).toEqual([]);
});
