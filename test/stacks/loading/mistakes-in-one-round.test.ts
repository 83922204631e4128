import { expect, it } from "vitest";
import { settingsProblems, testSettings } from "../../support/test-settings.ts";

const given = { hosts: ["127.0.0.1"] };
/** The settings that have a problem. */
const places = (values: Record<string, unknown>) =>
  settingsProblems(() => testSettings({ ...given, ...values })).map((line) => line.split(" ")[0]);

const plain = { tls: "none" };
const cache = { upstream: "https://quay.io", port: 5000 };

it.each([
  ["a number out of its range", { ...plain, port: 70000 }, ["port", "tls", "insecure"]],
  ["a key that is no setting", { ...plain, prot: 5001 }, ["prot", "tls", "insecure"]],
  ["a nested key that is no setting", { ...plain, container: { memry: 1 } }, ["container.memry", "tls", "insecure"]],
  ["no hosts", { ...plain, hosts: undefined }, ["hosts", "tls", "insecure"]],
  [
    "two places for images",
    { ...plain, storage: { volume: {}, gcs: {} } },
    ["storage.gcs.bucket", "storage", "tls", "insecure"],
  ],
  [
    "a value of the same section",
    { service: { replicas: 2, update: { order: "start-first" }, publish: "hots" } },
    ["service.publish", "service.replicas", "service.update.order"],
  ],
  [
    "another mistake in the same cache",
    { caches: { q: { ...cache, upstream: "http://quay.io", port: 0, username: "u" } } },
    ["caches.q.port", "caches.q.password", "caches.q.upstream"],
  ],
])("settings that don't go together are reported beside %s", (_, values, expected) => {
  expect(places(values).toSorted()).toEqual(expected.toSorted());
});

it.each([
  ["the port that a misspelled key was to give", { prot: 5001, caches: { q: cache } }, ["prot"]],
  ["a cache that is not known", { registry: "none", caches: { q: { ...cache, port: 0 } } }, ["caches.q.port"]],
  [
    "a node that is not known",
    { trust: { nodes: { c: "c" }, mirrors: { "quay.io": ["https://a"] } } },
    ["trust.nodes.c"],
  ],
  ["users that are not known", { ...plain, insecure: "i-understand", users: { a: 1 } }, ["users.a"]],
  ["hosts that are not known", { hosts: ["a b"], address: "192.0.2.1" }, ["hosts[0]"]],
  [
    "a place for images that is not known",
    { service: { replicas: 2 }, storage: { s3: {} } },
    ["storage.s3.bucket", "storage.s3.region"],
  ],
  ["a volume that is not known", { storage: { volume: { name: 1 } }, name: "moby" }, ["storage.volume.name"]],
])("nothing is said that hangs on %s", (_, values, expected) => {
  expect(places(values)).toEqual(expected);
});

it.each([null, "text", ["volume", "gcs"], 5])("a section that is %j is one mistake", (storage) => {
  expect(places({ storage: { volume: storage } })).toEqual(["storage.volume"]);
  expect(places({ storage })).toEqual(["storage"]);
  expect(places({ caches: { q: storage } })).toEqual(["caches.q"]);
});
