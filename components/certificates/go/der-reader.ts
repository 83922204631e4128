/** What DER text is wrong about, in words that end a sentence. */
export class Malformed extends Error {
  override name = "Malformed";
}

/** Universal tags of ASN.1 that certificates use: X.690. */
export const tags = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  objectIdentifier: 6,
  utf8String: 12,
  numericString: 18,
  printableString: 19,
  t61String: 20,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  bmpString: 30,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The tag of a field `[number]`: `constructed` where it holds further elements. */
export function contextTag(number: number, constructed = false): number {
  return 0x80 | (constructed ? 0x20 : 0) | number;
}

export interface Element {
  tag: number;
  content: Buffer;
  /** Tag, length and content. */
  whole: Buffer;
}

/**
 * Reads DER as Go does (golang.org/x/crypto/cryptobyte): stricter than OpenSSL, which takes lengths and integers that are longer
 * than they need to be. Every method throws {@link Malformed} with the words of the caller.
 */
export class DerReader {
  #rest: Buffer;

  constructor(bytes: Buffer) {
    this.#rest = bytes;
  }

  get empty(): boolean {
    return this.#rest.length === 0;
  }

  next(tag: number): boolean {
    return this.#rest[0] === tag;
  }

  any(words: string): Element {
    const [tag = 0x1f, first = 0x80] = this.#rest;
    if (this.#rest.length < 2 || (tag & 0x1f) === 0x1f) throw new Malformed(words);
    const extra = first & 0x80 ? first & 0x7f : 0;
    if (first & 0x80 && (extra === 0 || extra > 4 || this.#rest.length < 2 + extra)) throw new Malformed(words);
    const length = extra === 0 ? first : this.#rest.readUIntBE(2, extra);
    // The shortest form is the only one.
    if (extra > 0 && (length < 128 || length < 2 ** (8 * (extra - 1)))) throw new Malformed(words);
    const header = 2 + extra;
    if (this.#rest.length < header + length) throw new Malformed(words);
    const whole = this.#rest.subarray(0, header + length);
    this.#rest = this.#rest.subarray(header + length);
    return { tag, content: whole.subarray(header), whole };
  }

  element(tag: number, words: string): Element {
    if (!this.next(tag)) throw new Malformed(words);
    return this.any(words);
  }

  optional(tag: number, words: string): Element | undefined {
    return this.next(tag) ? this.any(words) : undefined;
  }

  inside(tag: number, words: string): DerReader {
    return new DerReader(this.element(tag, words).content);
  }

  integer(words: string, tag: number = tags.integer): bigint {
    const { content } = this.element(tag, words);
    const [first = 0, second = 0] = content;
    const isPadded = content.length > 1 && ((first === 0 && !(second & 0x80)) || (first === 0xff && second & 0x80));
    if (content.length === 0 || isPadded) throw new Malformed(words);
    return BigInt.asIntN(8 * content.length, BigInt(`0x${content.toString("hex")}`));
  }

  boolean(words: string): boolean {
    const { content } = this.element(tags.boolean, words);
    if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw new Malformed(words);
    return content[0] === 0xff;
  }

  /** As `1.2.840.10045.2.1`. */
  objectIdentifier(words: string): string {
    const { content } = this.element(tags.objectIdentifier, words);
    const numbers: number[] = [];
    let isFirst = true;
    let value = 0;
    for (const byte of content) {
      if ((isFirst && byte === 0x80) || value >= 2 ** 24) throw new Malformed(words);
      value = value * 128 + (byte & 0x7f);
      isFirst = (byte & 0x80) === 0;
      if (!isFirst) continue;
      numbers.push(value);
      value = 0;
    }
    const [head, ...rest] = numbers;
    if (!isFirst || head === undefined) throw new Malformed(words);
    const [one, two] = head < 80 ? [Math.floor(head / 40), head % 40] : [2, head - 80];
    return [one, two, ...rest].join(".");
  }

  /** The bytes of a bit string; those that count are on the left. */
  bitString(words: string): Buffer {
    const { content } = this.element(tags.bitString, words);
    const [padding = 8, ...bytes] = content;
    const last = bytes.at(-1);
    if (padding > 7 || (last === undefined ? padding !== 0 : last & (2 ** padding - 1))) throw new Malformed(words);
    return content.subarray(1);
  }
}
