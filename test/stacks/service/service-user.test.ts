import { expect, it } from "vitest";
import type { RegistryDefaults } from "../../../components/registry/registry-defaults.ts";
import type { RegistryStorage } from "../../../components/registry/registry-storage.ts";
import { serviceOptions } from "../../../components/registry/service-defaults.ts";
import { earlierDefaults } from "../../../stacks/registry/earlier-defaults.ts";
import { serviceSettings } from "../../../stacks/service/settings.ts";
import { testSettings } from "../../support/test-settings.ts";

const volume = (driver?: string, driverOptions?: Record<string, string>): RegistryStorage => ({
  volume: { name: "data", keep: true, driver, driverOptions },
});
const objects = { objects: { driver: "s3", region: "r", bucket: "b" } } as unknown as RegistryStorage;

it.each<[string, RegistryDefaults, RegistryStorage, string | undefined, string, string | undefined]>([
  ["a volume of the node", 4, volume(), undefined, "10001:10001", "keep"],
  [
    "a volume of the node with options",
    4,
    volume("local", { type: "ext4", device: "/dev/vdb" }),
    undefined,
    "10001:10001",
    "keep",
  ],
  ["a user of its own", 4, volume(), "7:8", "7:8", "give"],
  ["root, if that is asked for", 4, volume(), "0:0", "0:0", "give"],
  ["NFS", 4, volume("local", { type: "nfs", device: ":/x", o: "addr=10.0.0.9" }), undefined, "0:0", undefined],
  ["NFS 4", 4, volume(undefined, { type: "nfs4", device: ":/x" }), undefined, "0:0", undefined],
  ["CIFS", 4, volume(undefined, { type: "cifs", device: "//x/y" }), undefined, "0:0", undefined],
  ["a volume driver", 4, volume("rclone", {}), undefined, "0:0", undefined],
  ["a volume driver and a user", 4, volume("rclone", {}), "7:8", "7:8", undefined],
  ["object storage", 4, objects, undefined, "10001:10001", undefined],
  ["a service of main before", 3, volume(), undefined, "0:0", undefined],
  ["a service of main before with a user", 3, volume(), "7:8", "7:8", undefined],
  ["object storage of main before", 3, objects, undefined, "10001:10001", undefined],
  ["a service of release 0.1", 1, volume(), undefined, "0:0", undefined],
  ["object storage of release 0.1", 1, objects, undefined, "0:0", undefined],
])("%s: runs as the right user", (_title, defaults, storage, user, wanted, owner) => {
  const { registry } = testSettings({ hosts: ["r.test"] });
  if (registry === "none") throw new Error("there is a registry");
  const made = serviceOptions(serviceSettings.parse(user ? { user } : {}), { registry, storage, defaults }, {});
  expect([made.user, made.volumeOwner]).toEqual([wanted, owner]);
});

it.each<[RegistryDefaults, object, boolean]>([
  [4, { storage: { volume: { name: "data" } } }, false],
  [3, { storage: { volume: { name: "data" } } }, true],
  [3, { storage: { volume: { name: "data" } }, service: { user: "0:0" } }, false],
  [3, { storage: { volume: { name: "data", driver: "shared" } } }, false],
])("a service with defaults %i and %j is told of its root: %s", (defaults, given, told) => {
  const text = earlierDefaults(testSettings({ hosts: ["r.test"], service: {}, ...given }), [defaults]);
  expect(text?.includes("it keeps what it has: root as its user.") ?? false).toBe(told);
});
