import { DerReader, Malformed, tags } from "./der-reader.ts";

/** A public key, as far as the verification looks at it. Bits are 0 where no size matters. */
export interface GoPublicKey {
  type: "rsa" | "ec" | "ed25519" | "x25519" | "dsa";
  bits: number;
}

/** The curves that Go knows, by object identifier, with the bits of each: src/crypto/x509/x509.go. */
const curves: Record<string, number> = {
  "1.3.132.0.33": 224,
  "1.2.840.10045.3.1.7": 256,
  "1.3.132.0.34": 384,
  "1.3.132.0.35": 521,
};

const algorithms = {
  "1.2.840.113549.1.1.1": rsaKey,
  "1.2.840.10045.2.1": curveKey,
  "1.3.101.112": (key: Buffer, parameters: Buffer | undefined) => edwardsKey("ed25519", key, parameters),
  "1.3.101.110": (key: Buffer, parameters: Buffer | undefined) => edwardsKey("x25519", key, parameters),
  "1.2.840.10040.4.1": () => ({ type: "dsa", bits: 0 }) as const,
} satisfies Record<string, (key: Buffer, parameters: Buffer | undefined) => GoPublicKey | undefined>;

/** Go's `parsePublicKey`. @param info content of SubjectPublicKeyInfo */
export function readPublicKey(info: DerReader): GoPublicKey | undefined {
  const words = "has a public key that is no proper DER text: make a new key";
  const algorithm = info.inside(tags.sequence, words);
  const identifier = algorithm.objectIdentifier(words);
  const parameters = algorithm.empty ? undefined : algorithm.any(words).whole;
  const key = info.bitString(words);
  if (!Object.hasOwn(algorithms, identifier)) return undefined;
  return algorithms[identifier as keyof typeof algorithms](key, parameters);
}

function rsaKey(key: Buffer, parameters: Buffer | undefined): GoPublicKey | undefined {
  const words =
    "has an RSA key that Go does not read: make a new one (openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072)";
  if (!parameters?.equals(Buffer.from([5, 0]))) throw new Malformed(words);
  const numbers = new DerReader(key).inside(tags.sequence, words);
  const modulus = numbers.integer(words);
  const exponent = numbers.integer(words);
  if (modulus <= 0n || modulus % 2n === 0n || exponent < 2n || exponent % 2n === 0n || exponent >= 2n ** 31n)
    throw new Malformed(words);
  return { type: "rsa", bits: modulus.toString(2).length };
}

function curveKey(key: Buffer, parameters: Buffer | undefined): GoPublicKey | undefined {
  const remedy = "make a key on a named curve (openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256)";
  if (parameters?.[0] !== tags.objectIdentifier) {
    throw new Malformed(
      `has an EC key that spells its curve out (param_enc explicit), which Go refuses: ${remedy}, and a certificate for it`,
    );
  }
  const bits = curves[new DerReader(parameters).objectIdentifier(`has an EC key without a curve: ${remedy}`)];
  if (bits === undefined)
    throw new Malformed(
      `has a key on a curve that Go does not know (it knows P-224, P-256, P-384 and P-521): ${remedy}`,
    );
  if (key[0] !== 4 || key.length !== 1 + 2 * Math.ceil(bits / 8))
    throw new Malformed(
      `has an EC key that is not uncompressed, which Go refuses: ${remedy}, with point_conversion_form uncompressed`,
    );
  return { type: "ec", bits };
}

function edwardsKey(type: "ed25519" | "x25519", key: Buffer, parameters: Buffer | undefined): GoPublicKey | undefined {
  if (parameters || key.length !== 32) throw new Malformed(`has an ${type} key that Go does not read: make a new one`);
  return { type, bits: 256 };
}
