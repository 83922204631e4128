import { contextTag, DerReader, Malformed, tags } from "./der-reader.ts";
import { type Extensions, readExtensions } from "./go-extensions.ts";
import { nameText } from "./go-names.ts";
import { type GoPublicKey, readPublicKey } from "./go-public-key.ts";
import { signatureHash } from "./go-signature.ts";

/** A certificate as Go's crypto/x509 reads it: what its verification looks at. */
export interface GoCertificate extends Extensions {
  version: number;
  serial: bigint;
  notBefore: Date;
  notAfter: Date;
  /** DER of the names, which Go compares byte by byte. */
  subject: Buffer;
  issuer: Buffer;
  /** What was hashed for the signature; undefined: a kind of signature that Go does not check. */
  signatureHash: string | undefined;
  /** Undefined: a kind of key that Go does not know. */
  publicKey: GoPublicKey | undefined;
}

/**
 * A certificate by the rules of Go's crypto/x509 (`parseCertificate` of Go 1.26, src/crypto/x509/parser.go): the registry and
 * Docker are written in Go, and read less than OpenSSL does. Checked against Go itself by test/certificates/go-judgement.test.ts.
 *
 * @throws {Malformed} with what is wrong, and how to make a good one
 */
export function readGoCertificate(der: Buffer): GoCertificate {
  const broken =
    "is not complete DER text, or has data behind it: export it again (openssl x509 -in old.pem -out new.pem)";
  const outer = new DerReader(der);
  const certificate = outer.inside(tags.sequence, broken);
  if (!outer.empty) throw new Malformed(broken);
  const body = certificate.inside(tags.sequence, broken);
  const version = readVersion(body);
  const serial = body.integer("has a serial number that is no proper DER integer: issue it with another one");
  if (serial < 0n) {
    throw new Malformed(
      "has a negative serial number, which Go refuses: issue it with a positive one (openssl: -set_serial 0x$(openssl rand -hex 8), or no -set_serial at all)",
    );
  }
  const inner = body.element(tags.sequence, broken).content;
  if (!certificate.element(tags.sequence, broken).content.equals(inner))
    throw new Malformed("names two different signature algorithms, inside and outside: issue it again");
  const issuer = readName(body);
  const { notBefore, notAfter } = readValidity(body.inside(tags.sequence, broken));
  const subject = readName(body);
  const publicKey = readPublicKey(body.inside(tags.sequence, broken));
  const extensions = readRest(body, version);
  certificate.bitString("has a signature that is no proper bit string: issue it again");
  return {
    version,
    serial,
    notBefore,
    notAfter,
    issuer,
    subject,
    signatureHash: signatureHash(inner),
    publicKey,
    ...extensions,
  };
}

function readVersion(body: DerReader): number {
  const words = "is of an X.509 version that Go does not know: issue it as version 3";
  const field = body.optional(contextTag(0, true), words);
  if (!field) return 1;
  const inside = new DerReader(field.content);
  const version = inside.integer(words);
  if (version < 0n || version > 2n || !inside.empty) throw new Malformed(words);
  return Number(version) + 1;
}

function readName(body: DerReader): Buffer {
  const words = "has a subject or an issuer that is no proper name: issue it again";
  const { content, whole } = body.element(tags.sequence, words);
  const name = new DerReader(content);
  while (!name.empty) {
    const parts = name.inside(tags.set, words);
    while (!parts.empty) {
      const part = parts.inside(tags.sequence, words);
      part.objectIdentifier(words);
      const value = part.any(words);
      readable(() => nameText(value.tag, value.content));
    }
  }
  return whole;
}

/** Adds the way out to what is wrong with a name. */
function readable(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (error instanceof Malformed)
      throw new Malformed(`${error.message}: issue it again, with UTF-8 (openssl req -utf8)`);
    throw error;
  }
}

function readValidity(validity: DerReader): { notBefore: Date; notAfter: Date } {
  return { notBefore: readTime(validity), notAfter: readTime(validity) };
}

function readTime(validity: DerReader): Date {
  const words = "has a date that is not written as RFC 5280 wants it (YYMMDDHHMMSSZ up to 2049): issue it again";
  const { tag, content } = validity.any(words);
  if (tag !== tags.utcTime && tag !== tags.generalizedTime) throw new Malformed(words);
  const pattern =
    tag === tags.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/
      : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})$/;
  const [, given = "", month, day, hour, minute, second = "00", zone = "Z"] =
    pattern.exec(content.toString("latin1")) ?? [];
  const year = given.length === 2 ? `${Number(given) >= 50 ? "19" : "20"}${given}` : given;
  const offset = zone === "Z" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const date = new Date(`${local}${offset}`);
  // 31 February is moved to March by some readers; +0000 is no zone of its own to Go.
  const isReal = new Date(`${local}Z`).toJSON()?.slice(0, 19) === local;
  if (Number.isNaN(date.getTime()) || !isReal || /[+-]0000/.test(zone)) throw new Malformed(words);
  return date;
}

function readRest(body: DerReader, version: number): Extensions {
  const words = "has extensions that are no proper DER text: issue it again";
  const none = new DerReader(Buffer.alloc(0));
  if (version === 1) return readExtensions(none);
  body.optional(contextTag(1), words);
  body.optional(contextTag(2), words);
  const field = version === 3 ? body.optional(contextTag(3, true), words) : undefined;
  return readExtensions(field ? new DerReader(field.content).inside(tags.sequence, words) : none);
}
