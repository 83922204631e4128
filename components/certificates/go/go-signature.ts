import { contextTag, DerReader, Malformed, tags } from "./der-reader.ts";

/** Signature algorithms that Go knows, with the hash of each: `signatureAlgorithmDetails` in src/crypto/x509/x509.go. */
const hashes: Record<string, string> = {
  "1.2.840.113549.1.1.4": "MD5",
  "1.2.840.113549.1.1.5": "SHA-1",
  "1.3.14.3.2.29": "SHA-1",
  "1.2.840.113549.1.1.11": "SHA-256",
  "1.2.840.113549.1.1.12": "SHA-384",
  "1.2.840.113549.1.1.13": "SHA-512",
  "1.2.840.10045.4.1": "SHA-1",
  "1.2.840.10045.4.3.2": "SHA-256",
  "1.2.840.10045.4.3.3": "SHA-384",
  "1.2.840.10045.4.3.4": "SHA-512",
};
const ed25519 = "1.3.101.112";
const pss = "1.2.840.113549.1.1.10";
const maskGenerator = "1.2.840.113549.1.1.8";

/** Hash and length of the salt: the three kinds of RSA-PSS that Go knows. */
const pssHashes: Record<string, [string, bigint]> = {
  "2.16.840.1.101.3.4.2.1": ["SHA-256", 32n],
  "2.16.840.1.101.3.4.2.2": ["SHA-384", 48n],
  "2.16.840.1.101.3.4.2.3": ["SHA-512", 64n],
};

/** What was hashed for a signature; undefined: Go does not check this kind. @param algorithm content of AlgorithmIdentifier */
export function signatureHash(algorithm: Buffer): string | undefined {
  const reader = new DerReader(algorithm);
  const identifier = reader.objectIdentifier("has a signature algorithm that is no proper DER text: issue it again");
  if (identifier === ed25519) return reader.empty ? "Ed25519" : undefined;
  return identifier === pss ? pssHash(reader) : hashes[identifier];
}

function pssHash(reader: DerReader): string | undefined {
  try {
    const parameters = reader.inside(tags.sequence, "");
    const hash = explicit(parameters, 0).inside(tags.sequence, "").objectIdentifier("");
    const mask = explicit(parameters, 1).inside(tags.sequence, "");
    const isUsual = mask.objectIdentifier("") === maskGenerator;
    const maskHash = mask.inside(tags.sequence, "").objectIdentifier("");
    const salt = explicit(parameters, 2).integer("");
    const [name, length] = pssHashes[hash] ?? [];
    return isUsual && maskHash === hash && salt === length ? name : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function explicit(parameters: DerReader, number: number): DerReader {
  return parameters.inside(contextTag(number, true), "");
}
