import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { isIP } from "node:net";
import { connect, createServer } from "node:tls";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { IssuedCertificate } from "../../components/certificates/issue-authority.ts";
import { issueAuthority } from "../../components/certificates/issue-authority.ts";
import { issueServerCertificate } from "../../components/certificates/issue-server-certificate.ts";
import { hostProblem, hostsSchema } from "../../components/certificates/subject-alternative-names.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { opensslVerify } from "./openssl-verify.ts";

const domain = fc.domain().filter((name) => hostProblem(`*.${name}`) === undefined);
const host = fc.oneof(
  domain,
  domain.map((name) => `*.${name}`),
  fc.stringMatching(/^[a-z]([a-z0-9_]{0,20}[a-z0-9])?$/),
  fc.ipV4(),
  fc.ipV6(),
);

describe("Certificates that the authority issued", () => {
  let authority: IssuedCertificate;
  beforeAll(async () => {
    authority = await issueAuthority({ commonName: "Test", keyBits: 2048, lifetime: "10 years" }, new Date());
  });
  const issue = (hosts: string[], by = authority) =>
    issueServerCertificate({ hosts, keyBits: 2048, lifetime: "397 days" }, by, new Date());

  it("are accepted for each of their hosts by Node and by OpenSSL, and for no other", async () => {
    await using folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(host, { minLength: 1, maxLength: 5 }), async (given) => {
        const hosts = hostsSchema.parse(given);
        const { certificatePem } = await issue(hosts);
        const pem = { certificate: certificatePem, authority: authority.certificatePem };
        const certificate = new X509Certificate(certificatePem);
        const issuer = new X509Certificate(authority.certificatePem);
        expect(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)).toBe(true);
        for (const asked of hosts.map((name) => name.replace("*", "any"))) {
          const seen = isIP(asked) ? certificate.checkIP(asked) : certificate.checkHost(asked, { subject: "never" });
          expect(seen, `${asked} in ${certificate.subjectAltName}`).toBeDefined();
          expect(await opensslVerify(folder.path, pem, asked)).toBe("OK");
        }
        expect(certificate.checkHost("somebody-else.invalid")).toBeUndefined();
        expect(await opensslVerify(folder.path, pem, "somebody-else.invalid")).toContain("hostname mismatch");
      }),
      { numRuns: 12 },
    );
  });

  it("are accepted when the authority's name is not plain ASCII, and both names are the same bytes", async () => {
    await using folder = await temporaryFolder();
    const commonName = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter(isCommonName);
    await fc.assert(
      fc.asyncProperty(commonName, async (name) => {
        const other = await issueAuthority({ commonName: name, keyBits: 2048, lifetime: "1 year" }, new Date());
        const { certificatePem } = await issue(["a.test"], other);
        const pem = { certificate: certificatePem, authority: other.certificatePem };
        expect(await opensslVerify(folder.path, pem, "a.test")).toBe("OK");
        const bytes = Buffer.from(name);
        expect(new X509Certificate(certificatePem).raw.includes(bytes)).toBe(true);
        expect(new X509Certificate(other.certificatePem).raw.includes(bytes)).toBe(true);
      }),
      { numRuns: 8, examples: [["Ünï 漢字 *&[#%:\"'$"], ["12345"]] },
    );
  });

  it("serve a TLS 1.3 connection whose client checks the name and trusts the authority alone", async () => {
    const { certificatePem, privateKeyPem } = await issue(["localhost", "127.0.0.1"]);
    const server = createServer({ cert: certificatePem + authority.certificatePem, key: privateKeyPem });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      for (const name of ["localhost", "127.0.0.1"]) {
        const names = isIP(name) ? {} : { servername: name };
        const client = connect({ host: "127.0.0.1", port, ca: authority.certificatePem, ...names });
        await once(client, "secureConnect", { signal: AbortSignal.timeout(10_000) });
        expect(client.authorized, name).toBe(true);
        expect(client.getProtocol()).toBe("TLSv1.3");
        client.destroy();
      }
      const stranger = connect({ host: "127.0.0.1", port, ca: authority.certificatePem, servername: "other.test" });
      await expect(once(stranger, "secureConnect")).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    } finally {
      server.close();
    }
  });
});

function isCommonName(text: string): boolean {
  return text === text.trim() && text.length > 0 && !/\p{Cc}/u.test(text);
}
