import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import type grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { describe, expect, it } from "vitest";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { fromStruct, toStruct } from "../../lib/protocol/struct.ts";
import { smallDisk, smallDiskObstacle } from "../daemon-json/small-disk.ts";
import { makeAuthority } from "../support/openssl-certificates.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { call, startProvider } from "./provider-client.ts";
import { snapshot } from "./snapshot.ts";

const urn = "urn:pulumi:test::registry-kit::registry-kit:nodes:NodeTrust::trust";
const obstacle = await smallDiskObstacle();

function check(news: PropertyMap): messages.CheckRequest {
  const request = new messages.CheckRequest();
  request.setUrn(urn);
  request.setNews(toStruct(news));
  return request;
}

function create(inputs: PropertyMap): messages.CreateRequest {
  const request = new messages.CreateRequest();
  request.setUrn(urn);
  request.setProperties(toStruct(inputs));
  return request;
}

/** Diff and update carry the same fields. */
function change<Request extends messages.DiffRequest | messages.UpdateRequest>(
  request: Request,
  id: string,
  [oldInputs, outputs, news]: [PropertyMap, PropertyMap, PropertyMap],
): Request {
  request.setUrn(urn);
  request.setId(id);
  request.setOldInputs(toStruct(oldInputs));
  request.setOlds(toStruct(outputs));
  request.setNews(toStruct(news));
  return request;
}

describe("NodeTrust over the provider's own process", () => {
  it("is checked, made, compared, read, changed and removed", async () => {
    await using provider = await startProvider();
    await using root = await temporaryFolder();
    await using keys = await temporaryFolder();
    const { client } = provider;
    const certificatePem = await makeAuthority(keys.path, "ca");
    const given = { hosts: ["registry.test"], port: 5000, certificatePem, connection: { type: "local" } };

    const refused = await call(client, client.check, check({ ...given, certsDirectory: "relative" }));
    expect(refused.getFailuresList().map((failure) => failure.toObject())).toEqual([
      { property: "certsDirectory", reason: "must be an absolute path" },
    ]);
    const checked = await call(client, client.check, check({ ...given, certsDirectory: join(root.path, "certs.d") }));
    expect(checked.getFailuresList()).toEqual([]);
    const inputs = fromStruct(checked.getInputs());
    expect(inputs.adopt).toBe(false);

    const created = await call(client, client.create, create(inputs));
    const outputs = fromStruct(created.getProperties());
    const id = created.getId();
    const made = await snapshot(root.path);
    expect(Object.keys(made)).toEqual(["certs.d", "certs.d/registry.test:5000", "certs.d/registry.test:5000/ca.crt"]);

    const same = change(new messages.DiffRequest(), id, [inputs, outputs, inputs]);
    expect((await call(client, client.diff, same)).getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_NONE);
    const moved = change(new messages.DiffRequest(), id, [
      inputs,
      outputs,
      { ...inputs, certsDirectory: "/elsewhere" },
    ]);
    expect((await call(client, client.diff, moved)).toObject()).toMatchObject({
      replacesList: ["certsDirectory"],
      deletebeforereplace: true,
    });

    await chmod(join(root.path, "certs.d", "registry.test:5000", "ca.crt"), 0o600);
    const reading = new messages.ReadRequest();
    reading.setUrn(urn);
    reading.setId(id);
    reading.setInputs(toStruct(inputs));
    reading.setProperties(toStruct(outputs));
    const live = fromStruct((await call(client, client.read, reading)).getProperties());
    const drifted = await call(client, client.diff, change(new messages.DiffRequest(), id, [inputs, live, inputs]));
    expect(drifted.getDiffsList()).toEqual(["files"]);
    const repairing = change(new messages.UpdateRequest(), id, [inputs, live, inputs]);
    const repaired = fromStruct((await call(client, client.update, repairing)).getProperties());
    expect(repaired).toEqual(outputs);
    expect(await snapshot(root.path)).toEqual(made);

    const deletion = new messages.DeleteRequest();
    deletion.setUrn(urn);
    deletion.setId(id);
    deletion.setOldInputs(toStruct(inputs));
    deletion.setProperties(toStruct(repaired));
    await call(client, client.delete, deletion);
    expect(await snapshot(root.path)).toEqual({});
    await rm(join(root.path, "certs.d"), { force: true, recursive: true });
    expect((await call(client, client.read, reading)).getId()).toBe("");
  });

  it.skipIf(obstacle)(
    `tells the engine what a half-way failure left${obstacle ? ` (skipped: ${obstacle})` : ""}`,
    async () => {
      await using provider = await startProvider();
      await using disk = await smallDisk(4);
      await using keys = await temporaryFolder();
      const certificatePem = await makeAuthority(keys.path, "ca");
      const inputs = { hosts: ["a.test", "b.test"], port: 443, certificatePem, connection: { type: "local" } };
      const request = create({ ...inputs, certsDirectory: join(disk.path, "certs.d"), adopt: false });
      const error = await call(provider.client, provider.client.create, request).catch((reason: unknown) => reason);
      const [packed] = (error as grpc.ServiceError).metadata.get("grpc-status-details-bin");
      const [detail] = statusMessages.Status.deserializeBinary(packed as Buffer).getDetailsList();
      const partial = messages.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
      expect(partial.getId()).toBe(`local:${disk.path}/certs.d`);
      expect(partial.getReasonsList()[0]).toContain("1 of 2 files are in place.");
      expect(fromStruct(partial.getProperties())).toMatchObject({
        files: [{ path: `${disk.path}/certs.d/a.test/ca.crt` }],
        folders: [`${disk.path}/certs.d`, `${disk.path}/certs.d/a.test`],
      });
    },
  );
});
