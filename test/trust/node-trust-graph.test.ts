import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { NodeTrust } from "../../components/trust/node-trust.ts";

describe("new NodeTrust", () => {
  it("registers one resource with exactly the given inputs, to be deleted before it is replaced", async () => {
    const registered: pulumi.runtime.MockResourceArgs[] = [];
    await pulumi.runtime.setMocks({
      newResource(args) {
        registered.push(args);
        return {
          id: "local:/etc/docker/certs.d",
          state: { ...args.inputs, files: [], folders: ["/etc/docker/certs.d"] },
        };
      },
      call: () => ({}),
    });
    const args = {
      hosts: ["registry.test"],
      port: 5000,
      certificatePem: "PEM",
      connection: { type: "local" as const },
    };
    let options: pulumi.CustomResourceOptions = {};
    const trust = new NodeTrust("trust", args, {
      protect: true,
      transformations: [
        ({ opts }) => {
          options = opts;
          return undefined;
        },
      ],
    });
    const folders = await new Promise((resolve) => trust.folders.apply(resolve));
    expect(folders).toEqual(["/etc/docker/certs.d"]);
    expect(registered.map(({ type, name, inputs }) => ({ type, name, inputs }))).toEqual([
      { type: "registry-kit:nodes:NodeTrust", name: "trust", inputs: args },
    ]);
    expect(options).toMatchObject({ deleteBeforeReplace: true, protect: true });
  });
});
