import type { KeyObject } from "node:crypto";
import { createPrivateKey, X509Certificate } from "node:crypto";

/** What a PEM text holds, or, in words for the one who gave it, why it can't be used. Never holds parts of the text. */
export type Read<Value> = { value: Value; problem?: never } | { value?: never; problem: string };

/**
 * The certificates of a PEM text, at least one, in their order.
 *
 * @param keyPlace the name of the place where the key belongs, for the one who put it here
 */
export function readCertificates(pem: string, keyPlace = "privateKeyPem"): Read<X509Certificate[]> {
  if (pem.includes("PRIVATE KEY-----"))
    return { problem: `holds a private key: give certificates only, the key belongs in ${keyPlace}` };
  const blocks = blocksOf(pem, "(?:X509 |TRUSTED )?CERTIFICATE");
  if (blocks.length === 0) return { problem: notPem(pem, "certificate", "CERTIFICATE") };
  if (blocks.some(isFolded)) return { problem: folded };
  try {
    return { value: blocks.map((block) => new X509Certificate(block)) };
  } catch {
    return { problem: "holds a certificate that can't be read: is the text complete?" };
  }
}

/** The private key of a PEM text; certificates and parameters beside it are left out. */
export function readPrivateKey(pem: string): Read<KeyObject> {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^\s*Proc-Type: 4,ENCRYPTED/m.test(pem))
    return { problem: "is encrypted: decrypt it first (openssl pkey -in key.pem -out decrypted.pem)" };
  const [block, ...more] = blocksOf(pem, "(?:[A-Z0-9]+ )?PRIVATE KEY");
  if (block === undefined) return { problem: notPem(pem, "private key", "PRIVATE KEY") };
  if (more.length > 0) return { problem: `holds ${more.length + 1} private keys: give the one of the certificate` };
  if (isFolded(block)) return { problem: folded };
  if (block.includes("OPENSSH"))
    return { problem: "is in the format of OpenSSH: convert a copy of it (ssh-keygen -p -m PKCS8 -f COPY)" };
  try {
    return { value: named(createPrivateKey(block)) };
  } catch {
    return { problem: "is no private key that can be read: is the text complete?" };
  }
}

/** PKCS #8, PEM: what Go reads of every kind of key, also where the key came in another form. */
export function privateKeyText(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Why the certificate is not valid at this moment; undefined: it is. */
export function dateProblem(certificate: X509Certificate, now: Date): string | undefined {
  if (now > certificate.validToDate) return `expired on ${certificate.validToDate.toISOString()}`;
  if (now < certificate.validFromDate) return `is valid only from ${certificate.validFromDate.toISOString()} on`;
  return undefined;
}

/** A certificate's subject on one line, in quotes. */
export function subjectText(certificate: X509Certificate): string {
  return JSON.stringify(certificate.subject?.replaceAll("\n", ", ") ?? "no subject");
}

const folded =
  'has lost its line breaks, as a YAML text after ">" or without a sign does: write "|" behind the name of the setting, and the PEM text indented below it';

/** The blocks of a kind, without what stands before, between and after them, such as a byte order mark. */
function blocksOf(pem: string, kind: string): string[] {
  return pem.match(new RegExp(`-----BEGIN (${kind})-----[^]*?-----END \\1-----`, "g")) ?? [];
}

function isFolded(block: string): boolean {
  return !/[\r\n]/.test(block.trim());
}

/** An EC key whose curve is spelled out, on the curve's name: Go reads no other. */
function named(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== "ec") return key;
  try {
    return createPrivateKey({ key: key.export({ format: "jwk" }), format: "jwk" });
  } catch {
    // A curve that has no name there is refused for what it is.
    return key;
  }
}

/** What a text is that holds no such block, and what to do with it. */
function notPem(pem: string, thing: string, label: string): string {
  const text = pem.replace(/^\ufeff/, "").trim();
  const wanted = `give PEM text, "-----BEGIN ${label}-----" ...`;
  const known: [RegExp, string][] = [
    [/^$/, `is empty: ${wanted}`],
    [
      /\\n/,
      `has "\\n" in it where lines end: write "|" behind the name of the setting, and the PEM text indented below it`,
    ],
    [/^LS0tLS1CRUdJTi/, "is PEM text in base64: decode it first (base64 -d)"],
    [/-----BEGIN PUBLIC KEY-----/, `holds a public key, not a ${thing}: ${wanted}`],
    [
      /-----BEGIN (NEW )?CERTIFICATE REQUEST-----/,
      `holds a request, not a ${thing}: give what the authority sent back`,
    ],
    [/-----BEGIN PKCS7-----/, "is in the format PKCS #7: convert it (openssl pkcs7 -print_certs -in FILE)"],
    [
      label === "CERTIFICATE" ? /^(?!)/ : /-----BEGIN CERTIFICATE-----/,
      `holds a certificate, not a ${thing}: ${wanted}`,
    ],
    [/-----BEGIN /, `holds no complete ${thing}: is the text cut off? ${wanted}`],
    [
      /^(~?\/|\.{1,2}\/|file:)\S*$|^\S+\.(pem|crt|cer|key|p12|pfx)$/,
      `is the name of a file: give its text, "-----BEGIN ${label}-----" ...`,
    ],
  ];
  return known.find(([pattern]) => pattern.test(text))?.[1] ?? `holds no ${thing}: ${wanted}`;
}
