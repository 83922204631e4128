import { Malformed, tags } from "./der-reader.ts";

/** Text of a name, by the rules of Go's crypto/x509 for each kind of string. @throws {Malformed} */
export function nameText(tag: number, content: Buffer): string {
  switch (tag) {
    case tags.t61String:
      return content.toString("latin1");
    case tags.printableString:
      return matching(
        content,
        /^[a-zA-Z0-9'()+,\-./ :=?*&]*$/,
        "has a PrintableString with characters that it must not hold",
      );
    case tags.numericString:
      return matching(content, /^[0-9 ]*$/, "has a NumericString with characters that it must not hold");
    case tags.ia5String:
      return asciiText(content, "has an IA5String that is not ASCII");
    case tags.utf8String:
      return utf8Text(content);
    case tags.bmpString:
      return basicText(content);
    default:
      throw new Malformed("has a name in a kind of string that Go does not read");
  }
}

/** ASCII alone. @throws {Malformed} with these words */
export function asciiText(content: Buffer, words: string): string {
  if (content.some((byte) => byte > 0x7f)) throw new Malformed(words);
  return content.toString("latin1");
}

/** Go's `domainNameValid`: of a subject alternative name, or of a name constraint, which may begin with a dot. */
export function isDomainName(name: string, isConstraint: boolean): boolean {
  if (name === "") return true;
  const labels = (isConstraint && name.startsWith(".") ? name.slice(1) : name).split(".");
  // Go counts the first label of ".example.com" in an alternative name as empty, too.
  return !name.endsWith(".") && labels.every((label) => label !== "" && /^[!-~]+$/.test(label));
}

function matching(content: Buffer, allowed: RegExp, words: string): string {
  const text = content.toString("latin1");
  if (!allowed.test(text)) throw new Malformed(words);
  return text;
}

function utf8Text(content: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new Malformed("has a UTF8String that is not UTF-8");
  }
}

function basicText(content: Buffer): string {
  const words = "has a BMPString that is not UCS-2";
  if (content.length % 2 !== 0) throw new Malformed(words);
  const text = Buffer.from(content).swap16().toString("utf16le").replace(/\0$/, "");
  if (/[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/.test(text)) throw new Malformed(words);
  return text;
}
