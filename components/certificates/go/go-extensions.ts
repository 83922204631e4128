import type { AlternativeNames } from "./alternative-names.ts";
import { contextTag, DerReader, Malformed, tags } from "./der-reader.ts";
import { type NameConstraints, readNameConstraints } from "./go-name-constraints.ts";
import { asciiText, isDomainName } from "./go-names.ts";

/** What Go's crypto/x509 takes from the extensions of a certificate. */
export interface Extensions {
  /** Undefined: no basicConstraints. */
  isAuthority: boolean | undefined;
  maxPathLength: number | undefined;
  /** Undefined: no keyUsage, or none of its bits. */
  maySign: boolean | undefined;
  /** Whether keyUsage has digitalSignature, or any of those that a TLS server can have. Undefined: as for `maySign`. */
  handshakes: { maySign: boolean; mayServe: boolean } | undefined;
  /** Object identifiers; empty: for every purpose. */
  purposes: string[];
  alternativeNames: AlternativeNames | undefined;
  nameConstraints: NameConstraints | undefined;
  policies: string[];
  /** Policies of the issuer, and what the subject calls them. */
  policyMappings: [string, string][];
  /** Certificates below, after which each of these begins. Undefined: never. */
  requireExplicitPolicy: number | undefined;
  inhibitPolicyMapping: number | undefined;
  inhibitAnyPolicy: number | undefined;
  subjectKey: Buffer | undefined;
  /** What the certificate says of the one that signed it; Go does not look at it, OpenSSL does. */
  authorityKey: { identifier?: Buffer; serial?: bigint };
  /** Critical ones that Go does not know, for which it refuses the certificate. */
  unknownCritical: string[];
}

interface Extension {
  critical: boolean;
  value: Buffer;
}

const keyUsage = "2.5.29.15";

/** Go's `processExtensions`. @throws {Malformed} */
export function readExtensions(list: DerReader): Extensions {
  const found = collect(list);
  const result: Extensions = {
    isAuthority: undefined,
    maxPathLength: undefined,
    maySign: undefined,
    handshakes: undefined,
    purposes: [],
    alternativeNames: undefined,
    nameConstraints: undefined,
    policies: [],
    policyMappings: [],
    requireExplicitPolicy: undefined,
    inhibitPolicyMapping: undefined,
    inhibitAnyPolicy: undefined,
    subjectKey: undefined,
    authorityKey: {},
    unknownCritical: [],
  };
  for (const [identifier, extension] of found) {
    const read = Object.hasOwn(readers, identifier) ? readers[identifier] : undefined;
    const isHandled = read !== undefined && read(result, extension) !== false;
    if (extension.critical && !isHandled) result.unknownCritical.push(identifier);
  }
  return result;
}

function collect(list: DerReader): Map<string, Extension> {
  const words = "has an extension that is no proper DER text: issue it again";
  const found = new Map<string, Extension>();
  while (!list.empty) {
    const extension = list.inside(tags.sequence, words);
    const identifier = extension.objectIdentifier(words);
    const critical = extension.next(tags.boolean) ? extension.boolean(words) : false;
    if (found.has(identifier)) {
      throw new Malformed(
        `has the extension ${identifier} twice, which Go refuses: issue it again, with each extension in one section of openssl's configuration only`,
      );
    }
    found.set(identifier, { critical, value: extension.element(tags.octetString, words).content });
  }
  return found;
}

/** What each known extension sets; false: it says nothing that Go handles. */
const readers: Record<string, (result: Extensions, extension: Extension) => boolean | undefined> = {
  [keyUsage]: (result, { value }) => {
    const [first = 0, second = 0] = new DerReader(value).bitString(bad("keyUsage"));
    if (first === 0 && !(second & 0x80)) return;
    result.maySign = (first & 0x04) !== 0;
    // digitalSignature, keyEncipherment, keyAgreement: KU_TLS in OpenSSL.
    result.handshakes = { maySign: (first & 0x80) !== 0, mayServe: (first & 0xa8) !== 0 };
  },
  "2.5.29.19": (result, { value }) => {
    const inside = new DerReader(value).inside(tags.sequence, bad("basicConstraints"));
    result.isAuthority = inside.next(tags.boolean) && inside.boolean(bad("basicConstraints"));
    if (!inside.next(tags.integer)) return;
    const length = inside.integer(bad("basicConstraints"));
    if (length < 0n || length >= 2n ** 63n) throw new Malformed(bad("basicConstraints"));
    result.maxPathLength = Number(length);
  },
  "2.5.29.17": (result, { value }) => {
    result.alternativeNames = readAlternativeNames(new DerReader(value));
    return Object.values(result.alternativeNames).some((names) => names.length > 0);
  },
  "2.5.29.30": (result, { value }) => {
    result.nameConstraints = readNameConstraints(new DerReader(value));
    return result.nameConstraints.isHandled;
  },
  "2.5.29.37": (result, { value }) => {
    const list = new DerReader(value).inside(tags.sequence, bad("extendedKeyUsage"));
    while (!list.empty) result.purposes.push(list.objectIdentifier(bad("extendedKeyUsage")));
  },
  "2.5.29.32": (result, { value }) => {
    const list = new DerReader(value).inside(tags.sequence, bad("certificatePolicies"));
    while (!list.empty) {
      const policy = list
        .inside(tags.sequence, bad("certificatePolicies"))
        .objectIdentifier(bad("certificatePolicies"));
      if (result.policies.includes(policy))
        throw new Malformed(
          `names the policy ${policy} twice, which Go refuses: issue it again, with each policy once`,
        );
      result.policies.push(policy);
    }
  },
  "2.5.29.36": (result, { value }) => {
    const inside = new DerReader(value).inside(tags.sequence, bad("policyConstraints"));
    if (inside.next(contextTag(0))) result.requireExplicitPolicy = skipped(inside, "policyConstraints", contextTag(0));
    if (inside.next(contextTag(1))) result.inhibitPolicyMapping = skipped(inside, "policyConstraints", contextTag(1));
  },
  "2.5.29.54": (result, { value }) => {
    result.inhibitAnyPolicy = skipped(new DerReader(value), "inhibitAnyPolicy");
  },
  "2.5.29.33": (result, { value }) => {
    const list = new DerReader(value).inside(tags.sequence, bad("policyMappings"));
    while (!list.empty) {
      const pair = list.inside(tags.sequence, bad("policyMappings"));
      const issuers = pair.objectIdentifier(bad("policyMappings"));
      result.policyMappings.push([issuers, pair.objectIdentifier(bad("policyMappings"))]);
    }
  },
  "2.5.29.31": (_result, { value }) => {
    readDistributionPoints(new DerReader(value));
  },
  "2.5.29.14": (result, extension) => {
    notCritical("subjectKeyIdentifier", extension);
    const words = bad("subjectKeyIdentifier");
    result.subjectKey = new DerReader(extension.value).element(tags.octetString, words).content;
  },
  "2.5.29.35": (result, extension) => {
    notCritical("authorityKeyIdentifier", extension);
    const words = bad("authorityKeyIdentifier");
    const inside = new DerReader(extension.value).inside(tags.sequence, words);
    const identifier = inside.optional(contextTag(0), words)?.content;
    if (identifier) result.authorityKey.identifier = identifier;
    inside.optional(contextTag(1, true), words);
    if (inside.next(contextTag(2))) result.authorityKey.serial = inside.integer(words, contextTag(2));
  },
  "1.3.6.1.5.5.7.1.1": (_result, extension) => {
    notCritical("authorityInfoAccess", extension);
    const list = new DerReader(extension.value).inside(tags.sequence, bad("authorityInfoAccess"));
    while (!list.empty) {
      const entry = list.inside(tags.sequence, bad("authorityInfoAccess"));
      entry.objectIdentifier(bad("authorityInfoAccess"));
      entry.optional(contextTag(6), bad("authorityInfoAccess"));
    }
  },
};

function readDistributionPoints(reader: DerReader): void {
  const list = reader.inside(tags.sequence, bad("crlDistributionPoints"));
  while (!list.empty) {
    const point = list.inside(tags.sequence, bad("crlDistributionPoints"));
    const name = point.optional(contextTag(0, true), bad("crlDistributionPoints"));
    if (!name) continue;
    const full = new DerReader(name.content).inside(contextTag(0, true), bad("crlDistributionPoints"));
    while (full.next(contextTag(6))) full.any(bad("crlDistributionPoints"));
  }
}

function readAlternativeNames(reader: DerReader): AlternativeNames {
  const names: AlternativeNames = { dns: [], ip: [], email: [], uri: [] };
  const list = reader.inside(tags.sequence, bad("subjectAltName"));
  while (!list.empty) {
    const { tag, content } = list.any(bad("subjectAltName"));
    if (tag === contextTag(1)) names.email.push(asciiText(content, bad("subjectAltName")));
    if (tag === contextTag(2)) names.dns.push(asciiText(content, badName));
    if (tag === contextTag(6)) names.uri.push(webAddress(content));
    if (tag !== contextTag(7)) continue;
    if (content.length !== 4 && content.length !== 16)
      throw new Malformed(
        `has an IP address of ${content.length} bytes among its subject alternative names: it must have 4 or 16`,
      );
    names.ip.push(content);
  }
  return names;
}

function webAddress(content: Buffer): string {
  const words =
    "has a URI among its subject alternative names that Go does not read: leave it out, clients do not look at it";
  const text = asciiText(content, words);
  // Go's net/url: no controls, no half escapes, and a colon in the first segment ends a scheme.
  const isScheme = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) || !/^[^/?#]*:/.test(text);
  if (!isScheme || /[\0-\x20\x7f]|%(?![0-9a-fA-F]{2})/.test(text)) throw new Malformed(words);
  const host = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/.exec(text)?.[1] ?? "";
  if (!isDomainName(host, false)) throw new Malformed(words);
  return text;
}

const badName = "has a DNS name that is not ASCII among its subject alternative names: write it in punycode (xn--...)";

/** Go ignores a number below 0. */
function skipped(reader: DerReader, extension: string, tag: number = tags.integer): number | undefined {
  const count = reader.integer(bad(extension), tag);
  if (count >= 2n ** 63n) throw new Malformed(bad(extension));
  return count < 0n ? undefined : Number(count);
}

function bad(extension: string): string {
  return `has a ${extension} that is no proper DER text: issue it again`;
}

function notCritical(extension: string, { critical }: Extension): void {
  if (critical)
    throw new Malformed(`marks ${extension} as critical, which Go refuses: issue it again without "critical"`);
}
