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
  if (blocks.some(isFolded)) return { problem: foldedWords(pem) };
  try {
    return { value: blocks.map((block) => new X509Certificate(unindented(block))) };
  } catch {
    return { problem: "holds a certificate that can't be read: is the text complete?" };
  }
}

/** The private key of a PEM text; certificates and parameters beside it are left out. */
export function readPrivateKey(pem: string): Read<KeyObject> {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^\s*Proc-Type: 4,ENCRYPTED/m.test(pem))
    return { problem: "is encrypted: decrypt it first (openssl pkey -in key.pem -out decrypted.pem)" };
  const [block, ...more] = [...new Set(blocksOf(pem, "(?:[A-Z0-9]+ )?PRIVATE KEY"))];
  if (block === undefined) return { problem: notPem(pem, "private key", "PRIVATE KEY") };
  if (more.length > 0) return { problem: `holds ${more.length + 1} private keys: give the one of the certificate` };
  if (isFolded(block)) return { problem: foldedWords(block) };
  if (block.includes("OPENSSH"))
    return { problem: "is in the format of OpenSSH: convert a copy of it (ssh-keygen -p -m PKCS8 -f COPY)" };
  const key = keyOf(unindented(block));
  return key ? { value: named(key) } : { problem: "is no private key that can be read: is the text complete?" };
}

/** A key by what the text holds, whatever its first line calls it: so does Go (`parsePrivateKey` in crypto/tls). */
function keyOf(block: string): KeyObject | undefined {
  const key = Buffer.from(block.replace(/^-.*$/gm, ""), "base64");
  const readers = [
    () => createPrivateKey(block),
    ...(["pkcs8", "pkcs1", "sec1"] as const).map((type) => () => createPrivateKey({ key, format: "der", type })),
  ];
  for (const read of readers) {
    try {
      return read();
    } catch {
      // Another kind.
    }
  }
  return undefined;
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

const asBlock = 'write "|" behind the name of the setting, and the PEM text indented below it';
const escaped = `has "\\n" in it where lines end: ${asBlock}`;

function foldedWords(pem: string): string {
  if (pem.includes("\\n")) return escaped;
  return `has lost its line breaks, as a YAML text after ">" or without a sign does: ${asBlock}`;
}

/** The blocks of a kind, without what stands before, between and after them, such as a byte order mark. */
function blocksOf(pem: string, kind: string): string[] {
  return pem.match(new RegExp(`-----BEGIN (${kind})-----[^]*?-----END \\1-----`, "g")) ?? [];
}

/** Lines without spaces around them and without empty ones between: Go and the RFC take those, OpenSSL does not (RFC 7468, 3). */
function unindented(block: string): string {
  return block
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
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
    [/\\n/, escaped],
    [/^(\$\{?\w+\}?|\$\(.*\)|\{\{.*\}\}|<[^>]*>|%\w+%)$/s, `is a placeholder, which nothing fills in here: ${wanted}`],
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
    [
      /-----BEGIN ([^-]+)-----.*-----END \1-----/s,
      `holds the block ${JSON.stringify(/-----BEGIN ([^-]+)-----/.exec(text)?.[1])}, not a ${thing}: ${wanted}`,
    ],
    [/-----BEGIN /, `holds no complete ${thing}: is the text cut off? ${wanted}`],
    [
      /^(~?\/|\.{1,2}\/|file:|[A-Za-z]:[\\/]).*$|^.+\.(pem|crt|cert|cer|der|key|p12|pfx|p7b)$/,
      `is the name of a file: give its text, "-----BEGIN ${label}-----" ...`,
    ],
  ];
  return known.find(([pattern]) => pattern.test(text))?.[1] ?? `holds no ${thing}: ${wanted}`;
}
