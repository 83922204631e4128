/**
 * One file of a tar archive, byte for byte as Go's archive/tar writes it with a name, the mode 0600 and a size alone: hashes of archives
 * are made of it.
 */
export function tarEntry(name: string, content: Buffer): Buffer {
  const plain = [...name].filter((character) => character !== "\0" && character < "\u0080").join("");
  const split = splitName(name);
  if (plain === name && split)
    return Buffer.concat([header(split.name, split.prefix, content.length, "0"), padded(content)]);
  // POSIX.1-2001: the name stands in a record before the file.
  const record = paxRecord("path", name);
  const slash = plain.lastIndexOf("/");
  const paxName = [plain.slice(0, Math.max(slash, 0)), "PaxHeaders.0", plain.slice(slash + 1)]
    .filter(Boolean)
    .join("/");
  return Buffer.concat([
    header(paxName.slice(0, 100), "", record.length, "x"),
    padded(record),
    header(plain.slice(0, 100), "", content.length, "0"),
    padded(content),
  ]);
}

/** What ends an archive. */
export const tarEnd = Buffer.alloc(1024);

function header(name: string, prefix: string, size: number, type: string): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, offset: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, "0"), offset);
  block.write(name, 0);
  // The record before a file has no mode.
  octal(type === "x" ? 0 : 0o600, 100, 8);
  for (const offset of [108, 116]) octal(0, offset, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write("        ", 148);
  block.write(type, 156);
  block.write("ustar\x0000", 257);
  if (type !== "x") for (const offset of [329, 337]) octal(0, offset, 8);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\x00 `, 148);
  return block;
}

/** A long name goes into two fields, at a slash. */
function splitName(name: string): { name: string; prefix: string } | undefined {
  if (name.length <= 100) return { name, prefix: "" };
  const slash = name.slice(0, 156).lastIndexOf("/");
  const rest = name.slice(slash + 1);
  return slash > 0 && rest.length <= 100 && rest !== "" ? { name: rest, prefix: name.slice(0, slash) } : undefined;
}

function paxRecord(key: string, value: string): Buffer {
  const text = ` ${key}=${value}\n`;
  const length = Buffer.byteLength(text);
  let total = length + String(length).length;
  if (String(total).length !== String(length).length) total = length + String(total).length;
  return Buffer.from(`${total}${text}`);
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
