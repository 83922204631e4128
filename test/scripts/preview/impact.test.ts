import { describe, expect, it } from "vitest";
import type { Impact } from "../../../scripts/preview/impact.ts";
import { clientEffects, impactOf, worstEffect } from "../../../scripts/preview/impact.ts";
import { plannedChanges } from "../../../scripts/preview/planned-change.ts";
import type { DigestStep } from "../../../scripts/preview/preview-digest.ts";
import { digest, step, types } from "./digests.ts";

const kept = { oldState: { retainOnDelete: true } };
const store = (bucket?: string) => ({
  inputs: {
    labels: bucket ? [{ label: "io.registry-kit.store", value: `s3 bucket ${bucket}` }] : [],
    volumes: bucket ? [] : [{ containerPath: "/var/lib/registry", volumeName: "registry-data" }],
  },
});
const onVolume = (source: string) => ({
  inputs: { taskSpec: { containerSpec: { mounts: [{ type: "volume", target: "/var/lib/registry", source }] } } },
});
const replicas = (count: number) => ({
  diffReasons: ["taskSpec"],
  newState: { inputs: { mode: { replicated: { replicas: count } } } },
});

/** What is planned (the first is judged), what clients notice, what happens to images, and the note. */
const cases: [string, DigestStep[], Impact["clients"], Impact["images"], RegExp?][] = [
  ["a new container", [step("create", types.container, "registry")], "none", "untouched"],
  ["a container's limits", [step("update", types.container, "registry")], "none", "untouched", /while it runs/],
  ["another port", [step("replace", types.container, "registry")], "gap", "kept"],
  ["no container any more", [step("delete", types.container, "registry")], "end", "kept"],
  [
    "a service's labels",
    [step("update", types.service, "registry", { diffReasons: ["labels"] })],
    "none",
    "untouched",
    /go on/,
  ],
  ["new tasks of one replica", [step("update", types.service, "registry", replicas(1))], "gap", "kept"],
  [
    "new tasks of three",
    [step("update", types.service, "registry", replicas(3))],
    "none",
    "untouched",
    /3 replicas answer/,
  ],
  [
    "new tasks on every node",
    [
      step("update", types.service, "registry", {
        diffReasons: ["taskSpec"],
        newState: { inputs: { mode: { global: true } } },
      }),
    ],
    "none",
    "untouched",
    /node by node/,
  ],
  [
    "a service's port",
    [step("update", types.service, "registry", { ...replicas(1), diffReasons: ["endpointSpec"] })],
    "gap",
    "kept",
  ],
  [
    "a service on another volume",
    [
      step("update", types.service, "registry", {
        diffReasons: ["taskSpec"],
        oldState: onVolume("a"),
        newState: onVolume("b"),
      }),
    ],
    "gap",
    "new place",
    /not moved/,
  ],
  [
    "another bucket",
    [step("replace", types.container, "registry", { oldState: store("a"), newState: store("b") })],
    "gap",
    "new place",
    /not moved/,
  ],
  [
    "a bucket instead of a volume",
    [step("replace", types.container, "registry", { oldState: store(), newState: store("b") })],
    "gap",
    "new place",
  ],
  [
    "another container on the same bucket",
    [step("replace", types.container, "registry", { oldState: store("a"), newState: store("a") })],
    "gap",
    "kept",
  ],
  ["a service that is replaced", [step("replace", types.service, "registry")], "gap", "kept"],
  ["the volume of images, kept", [step("replace", types.volume, "registry-data", kept)], "none", "new place", /empty/],
  ["the volume of images, not kept", [step("replace", types.volume, "registry-data")], "none", "deleted"],
  ["teardown, images kept", [step("delete", types.volume, "registry-data", kept)], "none", "kept", /outlives/],
  ["teardown of everything", [step("delete", types.volume, "registry-data")], "none", "deleted"],
  [
    "a volume that the stack forgets",
    [step("discard", types.volume, "registry-data")],
    "none",
    "untouched",
    /no longer/,
  ],
  ["the volume of the configuration", [step("delete", types.volume, "registry-files")], "none", "untouched"],
  ["a bucket, not kept", [step("delete", types.bucket, "images")], "none", "deleted"],
  ["a new bucket", [step("create", types.bucket, "images")], "none", "untouched"],
  ["the configuration", [step("update", types.files, "files")], "restart", "untouched"],
  [
    "the machine of the images",
    [step("update", types.files, "files", { diffReasons: ["dataHost"] })],
    "none",
    "untouched",
    /machine/,
  ],
  [
    "users, or more",
    [step("update", types.files, "files"), step("update", types.users, "users")],
    "restart",
    "untouched",
    /none where users/,
  ],
  [
    "files of a new container",
    [step("update", types.files, "files"), step("replace", types.container, "registry")],
    "none",
    "untouched",
    /new container/,
  ],
  ["users", [step("update", types.users, "users")], "none", "untouched", /reread/],
  ["a certificate", [step("update", types.certificate, "certificate")], "restart", "untouched", /re-issued/],
  ["an authority", [step("update", types.authority, "authority")], "new trust", "untouched", /ca\.crt/],
  ["another http.secret", [step("update", types.secret, "secret")], "restart", "untouched", /uploads/],
  [
    "a certificate of a service",
    [step("update", types.certificate, "certificate"), step("update", types.service, "registry", replicas(3))],
    "none",
    "untouched",
    /re-issued/,
  ],
  [
    "users of a service",
    [step("update", types.users, "users"), step("update", types.service, "registry", replicas(3))],
    "none",
    "untouched",
    /new tasks/,
  ],
  ["an image", [step("replace", types.image, "image")], "none", "untouched"],
  ["trust", [step("update", types.trust, "trust")], "none", "untouched"],
];

describe("the impact of a change", () => {
  it.each(cases)("%s", (_what, steps, clients, images, note) => {
    const changes = plannedChanges(digest({ steps }));
    const [change] = changes;
    if (!change) throw new Error("nothing is planned");
    const impact = impactOf(change, changes);
    expect(impact).toMatchObject({ clients, images });
    expect(impact.note ?? "").toMatch(note ?? /^[^⚠]*$/);
  });

  it("is the worst of all", () => {
    const of = (...effects: Impact["clients"][]) =>
      worstEffect(effects.map((clients): Impact => ({ clients, images: "untouched" })));
    expect(of()).toBe("none");
    expect(of("restart", "none", "gap", "restart")).toBe("gap");
    expect(of(...clientEffects)).toBe("new trust");
  });
});

describe("planned changes", () => {
  it("are one a resource, however many steps the CLI tells of a replacement", () => {
    const parts = { replaceReasons: ["labels"], diffReasons: ["memory", "labels", "__defaults"] };
    const steps = [
      step("delete-replaced", types.container, "registry", { oldState: { inputs: { memory: 1 } } }),
      step("replace", types.container, "registry", { ...parts, newState: { inputs: { memory: 2 } } }),
      step("create-replacement", types.container, "registry", parts),
      step("same", types.trust, "trust"),
      step("refresh", types.trust, "trust"),
      step("update", "pulumi:pulumi:Stack", "registry-kit-dev"),
      step("create", "registry-kit:index:RegistryContainer", "registry", { newState: { custom: false } }),
    ];
    expect(plannedChanges(digest({ steps }))).toMatchObject([
      {
        type: types.container,
        name: "registry",
        operation: "replace",
        properties: ["labels", "memory"],
        forcing: ["labels"],
        old: { inputs: { memory: 1 } },
        new: { inputs: { memory: 2 } },
      },
    ]);
  });
});
