import { createPublicKey, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkProvidedCertificate, providedFiles } from "../../components/certificates/check-provided-certificate.ts";
import { tryHandshakes } from "../../components/certificates/try-handshake.ts";
import { hasGo } from "../support/go-program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { goJudge } from "./go-judge.ts";
import { opensslIssue, type Request } from "./openssl-issue.ts";

const names = "subjectAltName=DNS:registry.test,IP:192.0.2.7";
const hosts = ["registry.test", "192.0.2.7"];
const ca = "basicConstraints=critical,CA:TRUE";
const rsa = (bits: number) => ["rsa", "-pkeyopt", `rsa_keygen_bits:${bits}`];
const curve = (name: string, ...more: string[]) => ["ec", "-pkeyopt", `ec_paramgen_curve:${name}`, ...more];

interface Case {
  root?: Request;
  /** From the root down. */
  between?: Request[];
  server?: Request;
  /** What we say; none: it is taken. */
  reason?: string;
  /** Go takes it, OpenSSL or we do not. */
  goTakesIt?: true;
  /** What the handshake with OpenSSL says of what we and Go take. */
  handshake?: string;
  /** Hexadecimal digits in the server's certificate, and what takes their place: openssl makes no such thing. */
  patch?: [string, string];
}

const cases: Record<string, Case> = {
  "a usual chain": { between: [{ extensions: [ca] }] },
  "no authority between": {},
  "a negative serial number": { server: { more: ["-set_serial", "-5"] }, reason: "negative serial number" },
  "a negative serial number of the root": { root: { more: ["-set_serial", "-5"] }, reason: "negative serial number" },
  "a serial number of 0": { server: { more: ["-set_serial", "0"] } },
  "a key with explicit parameters": {
    server: { newKey: curve("P-256", "-pkeyopt", "ec_param_enc:explicit") },
    reason: "spells its curve out",
  },
  "an authority with explicit parameters": {
    root: { newKey: curve("P-256", "-pkeyopt", "ec_param_enc:explicit") },
    reason: "spells its curve out",
  },
  "SHA-1 on the server's certificate": { server: { more: ["-sha1"] }, reason: "signed with SHA-1" },
  "SHA-1 on an intermediate": { between: [{ extensions: [ca], more: ["-sha1"] }], reason: "signed with SHA-1" },
  "SHA-1 on the root's own signature": { root: { more: ["-sha1"] } },
  MD5: { root: { newKey: rsa(2048) }, server: { more: ["-md5"] }, reason: "signed with MD5" },
  "SHA-224": { server: { more: ["-sha224"] }, reason: "signed in a way that Go does not check" },
  "SHA-384": { server: { more: ["-sha384"] } },
  "SHA3-256": { server: { more: ["-sha3-256"] }, reason: "signed in a way that Go does not check" },
  "RSA-PSS signatures": {
    root: { newKey: rsa(2048) },
    server: { more: ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"] },
  },
  "RSA-PSS with a long salt": {
    root: { newKey: rsa(2048) },
    server: { more: ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:64"] },
    reason: "signed in a way that Go does not check",
  },
  "an RSA-PSS key": {
    server: { newKey: ["rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"] },
    reason: "is of type rsa-pss",
  },
  "a root of 1536 bits": { root: { newKey: rsa(1536) }, reason: "RSA key of 1536 bits", goTakesIt: true },
  "RSA with exponent 3": { server: { newKey: [...rsa(2048), "-pkeyopt", "rsa_keygen_pubexp:3"] } },
  "RSA with a long exponent": {
    server: { newKey: [...rsa(2048), "-pkeyopt", "rsa_keygen_pubexp:4294967297"] },
    reason: "RSA key that Go does not read",
  },
  "P-224": { server: { newKey: curve("P-224") }, reason: "is on the curve secp224r1" },
  secp256k1: { server: { newKey: curve("secp256k1") }, reason: "on a curve that Go does not know" },
  brainpool: { server: { newKey: curve("brainpoolP256r1") }, reason: "on a curve that Go does not know" },
  "P-521": { server: { newKey: curve("P-521") } },
  Ed25519: { server: { newKey: ["ed25519"] } },
  "an authority with Ed25519": { root: { newKey: ["ed25519"] } },
  "an authority with Ed448": { root: { newKey: ["ed448"] }, reason: "a kind of key that Go does not know" },
  DSA: { server: { newKey: ["dsa:FOLDER/dsa.pem"] }, reason: "is of type dsa" },
  "names that the root allows": {
    root: { extensions: [ca, "nameConstraints=critical,permitted;DNS:test,permitted;IP:192.0.2.0/255.255.255.0"] },
  },
  "an address that the root does not allow": {
    root: { extensions: [ca, "nameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0"] },
    reason: "do not allow: 192.0.2.7",
  },
  "a name that an intermediate excludes": {
    between: [{ extensions: [ca, "nameConstraints=critical,excluded;DNS:registry.test"] }],
    reason: "do not allow: registry.test",
  },
  "a constraint with a dot in front": {
    root: { extensions: [ca, "nameConstraints=permitted;DNS:.test"] },
  },
  "a constraint on names below, not on the name": {
    root: { extensions: [ca, "nameConstraints=permitted;DNS:.registry.test"] },
    reason: "do not allow: registry.test",
  },
  "a wildcard that an exclusion meets": {
    root: { extensions: [ca, "nameConstraints=excluded;DNS:secret.wild.test"] },
    server: { extensions: [`${names},DNS:*.wild.test`] },
    reason: "do not allow: *.wild.test",
  },
  "a constraint on directory names": {
    // permitted: the directory name CN=x.
    root: {
      extensions: [
        ca,
        "nameConstraints=critical,DER:30:14:a0:12:30:10:a4:0e:30:0c:31:0a:30:08:06:03:55:04:03:0c:01:78",
      ],
    },
    reason: "critical extension 2.5.29.30",
  },
  "a mail address beside constraints on names": {
    root: { extensions: [ca, "nameConstraints=permitted;email:example.com"] },
    server: { extensions: [`${names},email:a@other.test`] },
    reason: "do not allow: a@other.test",
  },
  "purposes without serverAuth": {
    server: { extensions: [names, "extendedKeyUsage=clientAuth"] },
    reason: "lacks serverAuth",
  },
  "every purpose, and not servers by name": {
    server: { extensions: [names, "extendedKeyUsage=anyExtendedKeyUsage"] },
    reason: "lacks serverAuth",
    goTakesIt: true,
  },
  "an intermediate for clients only": {
    between: [{ extensions: [ca, "extendedKeyUsage=clientAuth"] }],
    reason: "is not for issuers of TLS servers",
  },
  "a root for clients only": {
    root: { extensions: [ca, "extendedKeyUsage=clientAuth"] },
    reason: "is not for issuers of TLS servers",
  },
  "an unknown critical extension": {
    server: { extensions: [names, "1.2.3.4=critical,ASN1:UTF8String:x"] },
    reason: "critical extension 1.2.3.4",
  },
  "an unknown critical extension of the root": {
    root: { extensions: [ca, "1.2.3.4=critical,ASN1:UTF8String:x"] },
    reason: "critical extension 1.2.3.4",
  },
  "an unknown extension": { server: { extensions: [names, "1.2.3.4=ASN1:UTF8String:x"] } },
  "an extension twice": {
    server: { extensions: [names, "1.2.3.4=ASN1:UTF8String:x", "1.2.3.5=ASN1:UTF8String:y"] },
    patch: ["06032a0305", "06032a0304"],
    reason: "extension 1.2.3.4 twice",
  },
  "a critical subject key identifier": {
    server: { extensions: [names, "subjectKeyIdentifier=critical,hash"] },
    reason: "marks subjectKeyIdentifier as critical",
  },
  "a critical authorityInfoAccess": {
    server: { extensions: [names, "authorityInfoAccess=critical,OCSP;URI:http://a.test"] },
    reason: "marks authorityInfoAccess as critical",
  },
  "path lengths that suffice": {
    root: { extensions: ["basicConstraints=critical,CA:TRUE,pathlen:1"] },
    between: [{ extensions: [ca] }],
  },
  "a path that is too long": {
    root: { extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0"] },
    between: [{ extensions: [ca] }],
    reason: "allows 0 authorities below it (pathlen), and there are 1",
  },
  "a root without basicConstraints": {
    root: { extensions: ["keyUsage=keyCertSign"] },
    reason: "has no basicConstraints",
  },
  "a root that may not sign": {
    root: { extensions: [ca, "keyUsage=critical,digitalSignature"] },
    reason: "lacks keyCertSign",
  },
  "a root of X.509 version 1": { root: { version: 1 } },
  "an intermediate of X.509 version 1": { between: [{ version: 1 }], reason: "has no basicConstraints" },
  "a server's certificate of X.509 version 1": { server: { version: 1 }, reason: "does not cover registry.test" },
  "an address of five bytes": {
    server: {
      extensions: ["2.5.29.17=DER:30:18:82:0d:72:65:67:69:73:74:72:79:2e:74:65:73:74:87:07:c0:00:02:07:00:00:00"],
    },
    reason: "an IP address of 7 bytes",
  },
  "a URI that is none": {
    server: { extensions: [`${names},URI:http://a b.test/`] },
    reason: "a URI among its subject alternative names",
  },
  "a URI": { server: { extensions: [`${names},URI:spiffe://a.test/b,email:a@b.test`] } },
  "the common name alone": { server: { subject: "/CN=registry.test", extensions: [] }, reason: "does not cover" },
  "an empty subject": { server: { subject: "/", extensions: [names.replace("=", "=critical,")] } },
  "a policy that nothing asks for": { server: { extensions: [names, "certificatePolicies=1.2.3.4"] } },
  "policies that an intermediate asks for": {
    between: [{ extensions: [ca, "policyConstraints=requireExplicitPolicy:0", "certificatePolicies=1.2.3.4"] }],
    reason: "has no certificatePolicies",
  },
  "policies that are those of the intermediate": {
    between: [{ extensions: [ca, "policyConstraints=requireExplicitPolicy:0", "certificatePolicies=1.2.3.4"] }],
    server: { extensions: [names, "certificatePolicies=1.2.3.4"] },
  },
  "policies that are not those of the intermediate": {
    between: [{ extensions: [ca, "policyConstraints=requireExplicitPolicy:0", "certificatePolicies=1.2.3.4"] }],
    server: { extensions: [names, "certificatePolicies=1.2.3.5"] },
    reason: "has certificatePolicies that do not hold",
  },
  "any policy under an intermediate that allows all": {
    between: [{ extensions: [ca, "policyConstraints=requireExplicitPolicy:0", "certificatePolicies=2.5.29.32.0"] }],
    server: { extensions: [names, "certificatePolicies=1.2.3.5"] },
  },
  "any policy where the intermediate forbids that": {
    between: [
      {
        extensions: [
          ca,
          "inhibitAnyPolicy=0",
          "policyConstraints=requireExplicitPolicy:0",
          "certificatePolicies=1.2.3.4",
        ],
      },
    ],
    server: { extensions: [names, "certificatePolicies=2.5.29.32.0"] },
    reason: "has certificatePolicies that do not hold",
  },
  "an intermediate without policies where they are asked for": {
    between: [
      { extensions: [ca, "policyConstraints=requireExplicitPolicy:0", "certificatePolicies=1.2.3.4"] },
      { extensions: [ca] },
    ],
    server: { extensions: [names, "certificatePolicies=1.2.3.4"] },
    reason: "has certificatePolicies that do not hold",
  },
  "policies that are asked for further down": {
    between: [
      { extensions: [ca, "policyConstraints=requireExplicitPolicy:3", "certificatePolicies=1.2.3.4"] },
      { extensions: [ca] },
    ],
  },
  "policies that an intermediate maps": {
    between: [
      {
        extensions: [
          ca,
          "policyConstraints=requireExplicitPolicy:0",
          "certificatePolicies=1.2.3.4",
          "policyMappings=1.2.3.4:1.2.3.5",
        ],
      },
    ],
    server: { extensions: [names, "certificatePolicies=1.2.3.5"] },
  },
  "policies that an intermediate maps although it must not": {
    between: [
      {
        extensions: [
          ca,
          "policyConstraints=requireExplicitPolicy:0,inhibitPolicyMapping:0",
          "certificatePolicies=1.2.3.4",
        ],
      },
      { extensions: [ca, "certificatePolicies=1.2.3.4", "policyMappings=1.2.3.4:1.2.3.5"] },
    ],
    server: { extensions: [names, "certificatePolicies=1.2.3.5"] },
    reason: "has certificatePolicies that do not hold",
  },
  "a policy that the certificate asks for itself": {
    server: { extensions: [names, "policyConstraints=requireExplicitPolicy:0"] },
    reason: "has no certificatePolicies",
  },
  "a policy twice": {
    server: { extensions: [names, "certificatePolicies=1.2.3.4,1.2.3.4"] },
    reason: "names the policy 1.2.3.4 twice",
  },
  "an RSA key that may only encipher": {
    server: { newKey: rsa(2048), extensions: [names, "keyUsage=critical,keyEncipherment"] },
  },
  "an EC key that may only encipher": {
    server: { extensions: [names, "keyUsage=critical,keyEncipherment"] },
    reason: "lacks digitalSignature",
    goTakesIt: true,
  },
  "a key that may only sign lists": {
    server: { newKey: rsa(2048), extensions: [names, "keyUsage=cRLSign"] },
    reason: "lacks digitalSignature",
    goTakesIt: true,
  },
  "another key of the authority": {
    root: { extensions: [ca, "subjectKeyIdentifier=hash"] },
    server: { extensions: [names, "authorityKeyIdentifier=DER:30:06:80:04:00:01:02:03"] },
    reason: "names another certificate of its issuer",
    goTakesIt: true,
  },
  "another serial number of the authority": {
    server: { extensions: [names, "authorityKeyIdentifier=DER:30:03:82:01:05"] },
    reason: "names another certificate of its issuer",
    goTakesIt: true,
  },
  "a wildcard in front of one label": {
    server: { extensions: ["subjectAltName=DNS:*.test,IP:192.0.2.7"] },
    reason: 'take no "*" in front of a single label',
    goTakesIt: true,
  },
  "Netscape's purpose, for clients": {
    server: { extensions: [names, "nsCertType=client"] },
    handshake: "for registry.test, 192.0.2.7: OpenSSL and curl take it for no TLS server",
  },
  "a mail address in the subject that the root does not allow": {
    root: { extensions: [ca, "nameConstraints=permitted;email:a.test"] },
    server: { subject: "/CN=x/emailAddress=q@b.test", extensions: [names] },
    handshake: "compare the nameConstraints of an authority with the subject, too",
  },
  "a certificate of the next century": { server: { more: ["-days", "50000"] } },
};

describe.skipIf(!(await hasGo()))("The judgement of certificates that users bring (needs Go, to compare)", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await execa("openssl", [
      "genpkey",
      "-genparam",
      "-algorithm",
      "DSA",
      "-pkeyopt",
      "dsa_paramgen_bits:1024",
      "-out",
      join(folder.path, "dsa.pem"),
    ]);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it("is that of Go and OpenSSL", async () => {
    const made = [];
    for (const [name, one] of Object.entries(cases)) made.push({ name, one, files: await make(folder.path, one) });
    const go = await goJudge(made.map(({ files }) => ({ files: providedFiles(files), hosts })));
    for (const [i, { name, one, files }] of made.entries()) {
      const ours = checkProvidedCertificate({ ...files, hosts, now: new Date() });
      const said = ours.map(({ property, reason }) => `${property} ${reason}`).join("\n");
      if (one.reason) {
        expect.soft(said, name).toContain(one.reason);
        expect.soft(go[i] === "", `${name}, to Go: ${go[i]}`).toBe(one.goTakesIt === true);
      } else {
        expect.soft(said, name).toBe("");
        expect.soft(go[i], `${name}, to Go`).toBe("");
        const failures = await tryHandshakes(providedFiles(files), hosts);
        expect
          .soft(failures, `${name}, to OpenSSL`)
          .toEqual(one.handshake ? [expect.stringContaining(one.handshake)] : []);
      }
    }
  }, 60_000);

  it("is that of Go where an authority's key is longer than clients take", async () => {
    await opensslIssue(folder.path, "named", { extensions: [ca] });
    const own = await opensslIssue(folder.path, "own", { extensions: [names], by: "named" });
    // A prime number of 9,689 bits instead of a key that takes half a minute to make: only its length is looked at.
    const modulus = Buffer.from((2n ** 9689n - 1n).toString(16).padStart(2424, "0"), "hex");
    const long = createPublicKey({ key: { kty: "RSA", e: "AQAB", n: modulus.toString("base64url") }, format: "jwk" });
    const paths = { key: join(folder.path, "long.pem"), certificate: join(folder.path, "long.crt") };
    await writeFile(paths.key, long.export({ type: "spki", format: "pem" }));
    const signer = ["-CA", join(folder.path, "named.crt"), "-CAkey", join(folder.path, "named.key")];
    await execa("openssl", [
      "x509",
      "-new",
      "-force_pubkey",
      paths.key,
      "-subj",
      "/CN=named",
      ...signer,
      "-out",
      paths.certificate,
    ]);
    const chainPem = await readFile(paths.certificate, "utf8");
    const files = { certificatePem: own.certificate, privateKeyPem: own.key, chainPem };
    const reasons = checkProvidedCertificate({ ...files, hosts, now: new Date() }).map(({ reason }) => reason);
    expect(reasons).toContainEqual(
      expect.stringContaining("has an RSA key of 9689 bits: clients written in Go, as Docker, take 8192"),
    );
    expect(await goJudge([{ files: providedFiles(files), hosts }])).toEqual([
      "tls: server sent certificate containing RSA key larger than 8192 bits",
    ]);
  });
});

async function make(folder: string, { root, between = [], server, patch }: Case) {
  const usual = join(folder, "usual.crt");
  if (!existsSync(usual)) await opensslIssue(folder, "usual", { extensions: [ca] });
  const top = root && (await opensslIssue(folder, "root", { extensions: [ca], ...root }));
  const chain = [top?.certificate ?? (await readFile(usual, "utf8"))];
  let by = top ? "root" : "usual";
  for (const [i, request] of between.entries()) {
    chain.unshift((await opensslIssue(folder, `between-${i}`, { by, ...request })).certificate);
    by = `between-${i}`;
  }
  const newKey = server?.newKey?.map((word) => word.replace("FOLDER", folder));
  const own = await opensslIssue(folder, "server", {
    extensions: [names],
    by,
    ...server,
    ...(newKey ? { newKey } : {}),
  });
  const certificatePem = patch ? patched(own.certificate, patch) : own.certificate;
  return { certificatePem, privateKeyPem: own.key, chainPem: chain.join("") };
}

function patched(pem: string, [from, to]: [string, string]): string {
  const der = new X509Certificate(pem).raw.toString("hex").replace(from, to);
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der, "hex").toString("base64")}\n-----END CERTIFICATE-----\n`;
}
