import { certificatesIn } from "../resources/certificates.ts";
import type { Resource } from "../resources/resource.ts";
import type { ResourceRule } from "../resources/rule.ts";

/** NIST SP 800-131A Rev. 2: RSA keys of fewer bits are disallowed. */
const leastRsaBits = 2048;

export const certificateKeySize: ResourceRule = {
  name: "certificate-key-size",
  description: `RSA keys of certificates must have ${leastRsaBits} bits or more, elliptic curves 256.`,
  level: "mandatory",
  check: (resource) => [...certificateProblems(resource), ...wantedProblems(resource)],
};

const curveBits: Record<string, number> = { secp192k1: 192, secp224r1: 224, secp224k1: 224, P224: 224 };

function certificateProblems(resource: Resource): string[] {
  return certificatesIn(resource).flatMap(({ publicKey: { asymmetricKeyDetails: key } }) => {
    if (key?.modulusLength !== undefined && key.modulusLength < leastRsaBits)
      return [tooSmall("RSA", key.modulusLength)];
    const bits = curveBits[key?.namedCurve ?? ""];
    return bits ? [tooSmall("elliptic", bits)] : [];
  });
}

/** What is still to be made: by the kit (`keyBits`), or by @pulumi/tls. */
function wantedProblems({ type, properties: { keyBits, algorithm, rsaBits, ecdsaCurve } }: Resource): string[] {
  if (type.startsWith("registry-kit:certificates:") && typeof keyBits === "number" && keyBits < leastRsaBits) {
    return [tooSmall("RSA", keyBits)];
  }
  if (type !== "tls:index/privateKey:PrivateKey") return [];
  if (algorithm === "RSA" && typeof rsaBits === "number" && rsaBits < leastRsaBits) return [tooSmall("RSA", rsaBits)];
  return algorithm === "ECDSA" && ecdsaCurve === "P224" ? [tooSmall("elliptic", 224)] : [];
}

function tooSmall(kind: string, bits: number): string {
  return `Its ${kind} key has ${bits} bits. Make one of ${kind === "RSA" ? `${leastRsaBits} (better 3072)` : "256"} or more.`;
}
