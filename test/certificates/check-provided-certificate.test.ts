import { createPublicKey, X509Certificate } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkProvidedCertificate, providedFiles } from "../../components/certificates/check-provided-certificate.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { Pair } from "./openssl-issue.ts";
import { authorityExtensions, opensslIssue } from "./openssl-issue.ts";

const day = 86_400_000;
const names = "subjectAltName=DNS:registry.test,DNS:*.wild.test,IP:192.0.2.7,IP:2001:db8::7";
const hosts = ["registry.test", "a.wild.test", "*.wild.test", "192.0.2.7", "2001:db8::7"];

describe("A certificate that users bring", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let root: Pair;
  let intermediate: Pair;
  let server: Pair;
  let encrypted: string;
  let tooOld: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    root = await opensslIssue(folder.path, "root", { extensions: authorityExtensions });
    intermediate = await opensslIssue(folder.path, "intermediate", { extensions: authorityExtensions, by: "root" });
    server = await opensslIssue(folder.path, "server", {
      extensions: [names, "basicConstraints=CA:FALSE", "extendedKeyUsage=serverAuth"],
      by: "intermediate",
    });
    const encrypt = async (...how: string[]) =>
      (await execa("openssl", [...how, "-in", join(folder.path, "server.key"), "-passout", "pass:x"])).stdout;
    encrypted = await encrypt("pkcs8", "-topk8");
    tooOld = await encrypt("ec", "-aes128");
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  /** What is said about the good files, some of them changed; `property: reason`. */
  const check = (change: Partial<Parameters<typeof checkProvidedCertificate>[0]> = {}) => {
    const files = { certificatePem: server.certificate, privateKeyPem: server.key };
    const chainPem = intermediate.certificate + root.certificate;
    return checkProvidedCertificate({ ...files, chainPem, hosts, now: new Date(), ...change }).map(
      ({ property, reason }) => `${property}: ${reason}`,
    );
  };

  it("is taken with a chain that ends at its root, or before it", () => {
    expect(check()).toEqual([]);
    expect(check({ chainPem: intermediate.certificate })).toEqual([]);
  });

  it("is taken with its chain in one file, in two, or in both", () => {
    const all = server.certificate + intermediate.certificate + root.certificate;
    expect(check({ certificatePem: all, chainPem: undefined })).toEqual([]);
    expect(
      check({ certificatePem: server.certificate + intermediate.certificate, chainPem: root.certificate }),
    ).toEqual([]);
    expect(check({ certificatePem: all, chainPem: all })).toEqual([]);
  });

  it("is taken without a chain where it is self-signed", async () => {
    for (const extensions of [[names], [names, "keyUsage=digitalSignature"], [names, "basicConstraints=CA:FALSE"]]) {
      const own = await opensslIssue(folder.path, "self-signed", { extensions });
      expect(check({ certificatePem: own.certificate, privateKeyPem: own.key, chainPem: undefined })).toEqual([]);
    }
  });

  it("is taken with line ends of Windows and text around the blocks", () => {
    const windows = (pem: string) => `Bag Attributes\r\n${pem.replaceAll("\n", "\r\n")}\r\n`;
    expect(check({ certificatePem: windows(server.certificate), privateKeyPem: windows(server.key) })).toEqual([]);
  });

  it("is refused for each host that it does not cover, by the rules that clients follow", () => {
    const own = "DNS:registry.test, DNS:*.wild.test, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7";
    const bad = ["other.test", "wild.test", "a.b.wild.test", "192.0.2.8", "2001:db8::8", "*.other.test", "server"];
    expect(check({ hosts: [...hosts, ...bad] })).toEqual([
      `certificatePem: does not cover ${bad.join(", ")}. Its subject alternative names: ${own}`,
    ]);
  });

  it("is refused where only the common name is the host", async () => {
    const legacy = await opensslIssue(folder.path, "legacy", { subject: "/CN=registry.test" });
    const files = { certificatePem: legacy.certificate, privateKeyPem: legacy.key, chainPem: undefined };
    expect(check({ ...files, hosts: ["registry.test"] })).toEqual([
      "certificatePem: does not cover registry.test. Its subject alternative names: none, and the common name does not count",
    ]);
  });

  it("is refused before and after its time, as is each certificate of its chain", () => {
    const { validFromDate, validToDate } = new X509Certificate(server.certificate);
    const dates = (text: string) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, "<date>");
    const late = check({ now: new Date(validToDate.getTime() + day) });
    expect(late[0]).toBe(`certificatePem: expired on ${validToDate.toISOString()}`);
    expect(late.slice(1).map(dates)).toEqual([
      'chainPem: "CN=intermediate" expired on <date>',
      'chainPem: "CN=root" expired on <date>',
    ]);
    const early = check({ now: new Date(validFromDate.getTime() - day) });
    expect(early[0]).toBe(`certificatePem: is valid only from ${validFromDate.toISOString()} on`);
    expect(early.slice(1).map(dates)).toEqual([
      'chainPem: "CN=intermediate" is valid only from <date> on',
      'chainPem: "CN=root" is valid only from <date> on',
    ]);
  });

  it("is refused where it is not for servers", async () => {
    const extensions = [names, "extendedKeyUsage=clientAuth"];
    const client = await opensslIssue(folder.path, "client", { extensions, by: "intermediate" });
    expect(check({ certificatePem: client.certificate, privateKeyPem: client.key })).toEqual([
      "certificatePem: is not for TLS servers: its extended key usage lacks serverAuth",
    ]);
  });

  it("is refused with a key of another certificate", () => {
    expect(check({ privateKeyPem: root.key })).toEqual([
      'privateKeyPem: is not the key of the certificate "CN=server"',
    ]);
  });

  it("is refused with an encrypted key, old and new style", () => {
    const reason = "privateKeyPem: is encrypted: decrypt it first (openssl pkey -in key.pem -out decrypted.pem)";
    expect(check({ privateKeyPem: encrypted })).toEqual([reason]);
    expect(check({ privateKeyPem: tooOld })).toEqual([reason]);
  });

  it.each([
    ["rsa:1024", ["rsa:1024"], "is an RSA key of 1024 bits: 2048 or more are needed"],
    ["rsa:2048", ["rsa:2048"], undefined],
    ["P-384", ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], undefined],
    [
      "P-224",
      ["ec", "-pkeyopt", "ec_paramgen_curve:P-224"],
      "is on the curve secp224r1: P-256, P-384 or P-521 is needed",
    ],
    ["Ed25519", ["ed25519"], undefined],
    ["Ed448", ["ed448"], "is of type ed448: RSA, EC or Ed25519 is needed"],
  ])("with a key of %s: what is said", async (_name, newKey, reason) => {
    const pair = await opensslIssue(folder.path, "key", { extensions: [names], by: "intermediate", newKey });
    expect(check({ certificatePem: pair.certificate, privateKeyPem: pair.key })).toEqual(
      reason ? [`privateKeyPem: ${reason}`] : [],
    );
  });

  it("is refused without the certificate of its issuer", () => {
    expect(check({ chainPem: undefined })).toEqual([
      `chainPem: is missing the issuer of the certificate, "CN=intermediate": give the issuers' certificates, nearest first`,
    ]);
  });

  it("is refused with a chain in the wrong order, which is named", () => {
    expect(check({ chainPem: root.certificate + intermediate.certificate })).toEqual([
      'chainPem: does not fit: "CN=root" did not sign "CN=server". Nearest issuer first; "CN=intermediate" did: put it right behind',
    ]);
  });

  it("is refused with a foreign chain, also one whose authority has the same name", async () => {
    const foreign = await opensslIssue(folder.path, "foreign", {
      subject: "/CN=intermediate",
      extensions: authorityExtensions,
    });
    expect(check({ chainPem: foreign.certificate })).toEqual([
      'chainPem: does not fit: "CN=intermediate" did not sign "CN=server". Nearest issuer first; leave out what does not belong to it',
    ]);
    expect(check({ chainPem: intermediate.certificate + foreign.certificate })).toEqual([
      'chainPem: does not fit: "CN=intermediate" did not sign "CN=intermediate". Nearest issuer first; leave out what does not belong to it',
    ]);
  });

  it("is refused with an issuer that is no authority", async () => {
    const extensions = ["basicConstraints=CA:FALSE"];
    await opensslIssue(folder.path, "no-authority", { extensions, by: "root" });
    const leaf = await opensslIssue(folder.path, "leaf", { extensions: [names], by: "no-authority" });
    const issuer = await opensslIssue(folder.path, "other", { extensions, by: "root" });
    const reasons = check({
      certificatePem: leaf.certificate,
      privateKeyPem: leaf.key,
      chainPem: issuer.certificate + root.certificate,
    });
    expect(reasons).toContain(
      'chainPem: "CN=other" is not a certificate authority: it needs basicConstraints=critical,CA:TRUE',
    );
  });

  it("is refused where a file holds the key, nothing, or half a certificate, without a word of what it holds", () => {
    const half = `${server.certificate.slice(0, 200)}\n-----END CERTIFICATE-----\n`;
    expect(check({ certificatePem: server.certificate + server.key })).toEqual([
      "certificatePem: holds a private key: give certificates only, the key belongs in privateKeyPem",
    ]);
    expect(check({ chainPem: "hunter2" })).toEqual([
      'chainPem: holds no certificate: give PEM text, "-----BEGIN CERTIFICATE-----" ...',
    ]);
    expect(check({ certificatePem: half })).toEqual([
      "certificatePem: holds a certificate that can't be read: is the text complete?",
    ]);
    expect(check({ privateKeyPem: "hunter2" })).toEqual([
      'privateKeyPem: holds no private key: give PEM text, "-----BEGIN PRIVATE KEY-----" ...',
    ]);
  });

  it("is taken with a byte order mark, with certificates beside the key, and with parameters before it", async () => {
    const parameters = (await execa("openssl", ["ecparam", "-name", "prime256v1"])).stdout;
    const old = (await execa("openssl", ["ec", "-in", join(folder.path, "server.key")])).stdout;
    for (const privateKeyPem of [
      `\ufeff${server.key}`,
      server.certificate + server.key,
      server.key + server.certificate,
      `${parameters}\n${old}`,
      old.replaceAll("\n", "\r\n"),
    ]) {
      expect(check({ privateKeyPem })).toEqual([]);
      const files = providedFiles({ certificatePem: `\ufeff${server.certificate}`, privateKeyPem });
      expect(files.privateKeyPem).toBe(server.key);
    }
  });

  it("is taken with spaces before lines, empty lines and old line ends, and with a key twice or under another name", async () => {
    const old = (await execa("openssl", ["ec", "-in", join(folder.path, "server.key")])).stdout;
    const indented = (pem: string) => pem.replaceAll("\n", "\n\n \t");
    for (const files of [
      { certificatePem: indented(server.certificate), privateKeyPem: indented(server.key) },
      { certificatePem: server.certificate.replaceAll("\n", "\r") },
      { privateKeyPem: server.key + server.key },
      { privateKeyPem: old.replaceAll("EC PRIVATE", "PRIVATE") },
      { privateKeyPem: server.key.replaceAll("PRIVATE", "EC PRIVATE") },
    ])
      expect(check(files)).toEqual([]);
  });

  it("is written with a named curve where its key spells the curve out", async () => {
    const named = { certificatePem: server.certificate, chainPem: intermediate.certificate };
    const spelled = (await execa("openssl", ["ec", "-in", join(folder.path, "server.key"), "-param_enc", "explicit"]))
      .stdout;
    expect(spelled.length).toBeGreaterThan(server.key.length);
    expect(check({ privateKeyPem: spelled })).toEqual([]);
    expect(providedFiles({ ...named, privateKeyPem: spelled }).privateKeyPem).toBe(server.key);
  });

  it.each<[string, (pem: string) => string, string]>([
    ["folded by YAML", (pem) => pem.replaceAll("\n", " "), 'has lost its line breaks, as a YAML text after ">"'],
    ["on one line", (pem) => pem.replaceAll("\n", ""), "has lost its line breaks"],
    ["with \\n for line ends", (pem) => pem.replaceAll("\n", "\\n"), "behind the name of the setting"],
    ["in base64", (pem) => Buffer.from(pem).toString("base64"), "is PEM text in base64: decode it first (base64 -d)"],
    ["empty", () => " ", "is empty"],
    ["with \\n between its quotes", (pem) => JSON.stringify(pem), 'has "\\n" in it where lines end'],
    ["the name of a file", () => "/etc/ssl/server.pem", "is the name of a file: give its text"],
    ["the name of a file with a space", () => "my certs/server.cert", "is the name of a file: give its text"],
    ["a variable", () => "$TLS_FILE", "is a placeholder, which nothing fills in here"],
    ["a template", () => "{{ pem }}", "is a placeholder, which nothing fills in here"],
    [
      "of another kind",
      () => "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
      'holds the block "X509 CRL", not a',
    ],
    ["cut off", (pem) => pem.slice(0, 100), "is the text cut off?"],
  ])("is refused where a text is %s, which is said of certificate, key and chain", (_name, change, words) => {
    for (const property of ["certificatePem", "privateKeyPem", "chainPem"] as const) {
      const good = { certificatePem: server.certificate, privateKeyPem: server.key, chainPem: root.certificate };
      const reasons = check({ [property]: change(good[property]) });
      expect(reasons).toEqual([expect.stringContaining(words)]);
      expect(reasons[0]?.startsWith(property)).toBe(true);
    }
  });

  it.each<[string, () => string, string]>([
    ["two keys", () => server.key + root.key, "holds 2 private keys: give the one of the certificate"],
    ["a certificate", () => server.certificate, "holds a certificate, not a private key"],
    [
      "a public key",
      () => createPublicKey(server.key).export({ type: "spki", format: "pem" }).toString(),
      "holds a public key",
    ],
  ])("is refused with %s for a key", (_name, key, words) => {
    expect(check({ privateKeyPem: key() })).toEqual([expect.stringContaining(`privateKeyPem: ${words}`)]);
  });

  it("names the place of the key as its caller does", () => {
    expect(check({ certificatePem: server.certificate + server.key, keyPlace: "privateKey" })).toEqual([
      "certificatePem: holds a private key: give certificates only, the key belongs in privateKey",
    ]);
  });

  it("is refused with every reason at once", () => {
    const { validToDate } = new X509Certificate(server.certificate);
    const reasons = check({
      hosts: ["other.test"],
      privateKeyPem: root.key,
      chainPem: root.certificate,
      now: new Date(validToDate.getTime() + day),
    });
    expect(reasons.map((reason) => reason.split(" ").slice(0, 3).join(" "))).toEqual([
      "certificatePem: expired on",
      "certificatePem: does not",
      "privateKeyPem: is not",
      "chainPem: does not",
      'chainPem: "CN=root" expired',
    ]);
  });
});
