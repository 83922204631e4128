import { describe, expect, it } from "vitest";
import { signedGet } from "../../components/storage/signed-get.ts";

describe("a signed GET", () => {
  // "Examples: Signature calculations in AWS Signature Version 4", Amazon S3 API reference: list objects.
  it("has the signature of Amazon's own example", () => {
    const key = {
      accessKey: "AKIAIOSFODNN7EXAMPLE",
      secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      region: "us-east-1",
    };
    const url = new URL("https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J");
    expect(signedGet(url, key, new Date("2013-05-24T00:00:00Z"))).toEqual({
      "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "x-amz-date": "20130524T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, " +
        "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    });
  });

  // Compared with what @smithy/signature-v4 makes of the same request.
  it("signs a session token, too", () => {
    const key = { accessKey: "AKIA", secretKey: "hunter2", region: "eu-central-1", sessionToken: "token/+=" };
    const headers = signedGet(new URL("https://s3.test/images/a"), key, new Date("2026-11-30T00:00:00Z"));
    expect(headers["x-amz-security-token"]).toBe("token/+=");
    expect(headers.authorization).toContain(
      "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, " +
        "Signature=a7c7f15d8a78f434873c7e83fd8083b407fa580cc10099483a74f98f53f17fc9",
    );
  });
});
