import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { issueAuthority } from "../../components/certificates/issue-authority.ts";
import { issueServerCertificate } from "../../components/certificates/issue-server-certificate.ts";
import { isPermitted, permittedSchema } from "../../components/certificates/name-constraints.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { constraintCases } from "./constraint-cases.ts";
import { opensslVerify } from "./openssl-verify.ts";

describe("An authority with name constraints", () => {
  it.each(constraintCases)(
    "of %o, asked for %s: OpenSSL says what the settings are checked by (%s)",
    async (permitted, host, inside) => {
      await using folder = await temporaryFolder();
      const now = new Date();
      const authority = await issueAuthority(
        { commonName: "Kit", keyType: "ecdsa", keyBits: 2048, lifetime: "1 year", permitted },
        now,
      );
      const request = {
        hosts: [host],
        keyType: "ecdsa" as const,
        keyBits: 2048 as const,
        lifetime: "30 days" as const,
      };
      const { certificatePem } = await issueServerCertificate(request, authority, now);
      const pem = { certificate: certificatePem, authority: authority.certificatePem };
      expect(isPermitted(host, permitted)).toBe(inside);
      const said = await opensslVerify(folder.path, pem, host.replace("*", "registry"));
      if (inside) expect(said).toBe("OK");
      else expect(said).toMatch(/subtree/);
    },
  );

  it("takes domains and networks only", () => {
    const refused = [
      "*.example.com",
      ".example.com",
      "10.0.0.0/33",
      "fd00::/129",
      "example.com/8",
      "https://example.com",
    ];
    for (const place of refused) expect(permittedSchema.safeParse([place]).success, place).toBe(false);
    expect(permittedSchema.safeParse([]).success).toBe(false);
    expect(permittedSchema.safeParse(["example.com", "10.0.0.0/8", "fd00::/8", "::1"]).success).toBe(true);
  });
});

describe("An authority of a stack", () => {
  it("has a subject that no other one has, also of the same stack", async () => {
    const request = {
      commonName: "Kit",
      organizationalUnit: "dev",
      keyType: "ecdsa",
      keyBits: 2048,
      lifetime: "1 year",
    } as const;
    const subjects = await Promise.all(
      [1, 2].map(async () => new X509Certificate((await issueAuthority(request, new Date())).certificatePem).subject),
    );
    expect(new Set(subjects).size).toBe(2);
    for (const subject of subjects) expect(subject).toMatch(/^CN=Kit\nOU=dev\nserialNumber=[0-9a-f]{16}$/);
  });
});
