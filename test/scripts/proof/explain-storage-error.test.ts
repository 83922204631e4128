import { describe, expect, it } from "vitest";
import { explainStorageError } from "../../../scripts/proof/explain-storage-error.ts";

describe("explainStorageError", () => {
  it("takes the permission that the store names over the one that the step suggests", () => {
    const amazon =
      "s3aws: AccessDenied: User: arn:aws:iam::1:user/kit is not authorized to perform: s3:PutObject on resource: x\n\tstatus code: 403, request id: 1";
    expect(explainStorageError(amazon, "finish")).toMatch(/on resource: x: the credentials lack s3:PutObject$/);
    const google = "gcs: googleapi: Error 403: kit@x does not have storage.objects.create access to the bucket.";
    expect(explainStorageError(google, "begin")).toMatch(/: the credentials lack storage\.objects\.create$/);
  });

  it.each([
    [
      "azure: RESPONSE 404: 404 The specified container does not exist.\nERROR CODE: ContainerNotFound",
      "storage.azure.container",
    ],
    ["azure: RESPONSE 403\nERROR CODE: AuthenticationFailed", "storage.azure.accountKey"],
    ["azure: RESPONSE 403\nERROR CODE: AuthorizationPermissionMismatch", "docs/storage.md"],
    [
      'gcs: oauth2: "invalid_grant" "Invalid JWT: Token must be a short-lived token and in a reasonable timeframe"',
      "NTP",
    ],
    ['gcs: oauth2: "invalid_grant" "Invalid grant: account not found"', "storage.gcs.credentials"],
    ["gcs: googleapi: Error 404: The specified bucket does not exist.", "there is no such bucket"],
    ["s3aws: NoCredentialProviders: no valid providers in chain", "give the host a role"],
    ["filesystem: mkdir /var/lib/registry/docker: permission denied", "container.user"],
    ["filesystem: write /var/lib/registry/docker: no space left on device", "the disk is full"],
  ])("says what to do about %s", (detail, advice) => {
    expect(explainStorageError(detail, "begin")).toContain(advice);
  });

  it("shortens Azure's exchange to its code", () => {
    const detail =
      "azure: GET https://a/b\n----\nRESPONSE 403: 403 Server failed\nERROR CODE: AuthenticationFailed\n----";
    expect(explainStorageError(detail, "look")).toMatch(/fails: azure: AuthenticationFailed \(HTTP 403\): the store/);
  });

  it("repeats what it does not know, on one line", () => {
    expect(explainStorageError("s3aws: SlowDown:\n\tlater", "read")).toBe("the storage fails: s3aws: SlowDown: later");
  });
});
