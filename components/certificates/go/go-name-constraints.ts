import { isIP } from "node:net";
import type { AlternativeNames } from "./alternative-names.ts";
import { contextTag, DerReader, Malformed, tags } from "./der-reader.ts";
import { asciiText, isDomainName } from "./go-names.ts";

interface Subtrees {
  dns: string[];
  /** Address and mask behind each other: 8 or 32 bytes. */
  ip: Buffer[];
  email: string[];
  uri: string[];
}

export interface NameConstraints {
  permitted: Subtrees;
  excluded: Subtrees;
  /** False: it has kinds of names that Go does not compare. */
  isHandled: boolean;
}

/** Go's `parseNameConstraintsExtension`. @throws {Malformed} */
export function readNameConstraints(reader: DerReader): NameConstraints {
  const inside = reader.inside(tags.sequence, bad);
  const permitted = inside.optional(contextTag(0, true), bad)?.content ?? Buffer.alloc(0);
  const excluded = inside.optional(contextTag(1, true), bad)?.content ?? Buffer.alloc(0);
  if (!reader.empty || !inside.empty || permitted.length + excluded.length === 0) throw new Malformed(bad);
  const [one, two] = [readSubtrees(permitted), readSubtrees(excluded)];
  return { permitted: one.subtrees, excluded: two.subtrees, isHandled: one.isHandled && two.isHandled };
}

/** The names of a certificate that an authority above it does not allow, in words: Go's `checkChainConstraints`. */
export function refusedNames(names: AlternativeNames, { permitted, excluded }: NameConstraints): string[] {
  const isRefused = <Name>(
    name: Name,
    allowed: Name[],
    forbidden: Name[],
    within: (name: Name, base: Name) => boolean,
  ) =>
    (allowed.length > 0 && !allowed.some((base) => within(name, base))) || forbidden.some((base) => within(name, base));
  const isWithin = (name: string, base: string) => withinDomain(name, base);
  // A wildcard stands for every name that an exclusion could forbid.
  const isTouched = (name: string, base: string) => withinDomain(name, base) || wildcardMeets(name, base);
  return [
    ...names.dns.filter(
      (name) =>
        isRefused(name, permitted.dns, [], isWithin) ||
        isRefused(name, [], excluded.dns, isTouched) ||
        !isDomainName(name, false),
    ),
    ...names.ip.filter((address) => isRefused(address, permitted.ip, excluded.ip, withinNetwork)).map(addressText),
    ...names.email.filter((mail) => isRefused(mail, permitted.email, excluded.email, withinMail)),
    ...names.uri.filter((uri) => {
      const host = uriHost(uri);
      return host === undefined || isRefused(host, permitted.uri, excluded.uri, isWithin);
    }),
  ];
}

const bad = "has nameConstraints that Go does not read: issue it again";

function readSubtrees(content: Buffer): { subtrees: Subtrees; isHandled: boolean } {
  const subtrees: Subtrees = { dns: [], ip: [], email: [], uri: [] };
  const list = new DerReader(content);
  let isHandled = true;
  while (!list.empty) {
    const { tag, content: value } = list.inside(tags.sequence, bad).any(bad);
    if (tag === contextTag(2)) subtrees.dns.push(domain(value));
    else if (tag === contextTag(7)) subtrees.ip.push(network(value));
    else if (tag === contextTag(1)) subtrees.email.push(mail(value));
    else if (tag === contextTag(6)) subtrees.uri.push(uriDomain(value));
    else isHandled = false;
  }
  return { subtrees, isHandled };
}

function domain(value: Buffer): string {
  const name = asciiText(value, bad);
  if (!isDomainName(name, true)) throw new Malformed(bad);
  return name.toLowerCase();
}

function uriDomain(value: Buffer): string {
  const name = domain(value);
  if (isIP(name)) throw new Malformed(bad);
  return name;
}

function mail(value: Buffer): string {
  const text = asciiText(value, bad);
  if (!text.includes("@")) return domain(value);
  const [local, host] = [text.slice(0, text.lastIndexOf("@")), text.slice(text.lastIndexOf("@") + 1)];
  if (local === "" || !isDomainName(host, false)) throw new Malformed(bad);
  return `${local}@${host.toLowerCase()}`;
}

function network(value: Buffer): Buffer {
  if (value.length !== 8 && value.length !== 32) throw new Malformed(bad);
  const mask = [...value.subarray(value.length / 2)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  if (!/^1*0*$/.test(mask)) throw new Malformed(bad);
  return value;
}

/** `.example.com` holds names below it, `example.com` also itself; an empty one holds all. */
function withinDomain(name: string, base: string): boolean {
  const given = name.toLowerCase();
  if (base === "") return true;
  return base.startsWith(".") ? given.endsWith(base) : given === base || given.endsWith(`.${base}`);
}

function wildcardMeets(name: string, base: string): boolean {
  const dot = base.indexOf(".");
  return name.startsWith("*") && dot >= 0 && name.toLowerCase().slice(name.indexOf(".")) === base.slice(dot);
}

function withinNetwork(address: Buffer, base: Buffer): boolean {
  const half = base.length / 2;
  return address.length === half && address.every((byte, i) => ((byte ^ (base[i] ?? 0)) & (base[half + i] ?? 0)) === 0);
}

function withinMail(address: string, base: string): boolean {
  const at = address.lastIndexOf("@");
  const host = address.slice(at + 1).toLowerCase();
  return base.includes("@") ? `${address.slice(0, at)}@${host}` === base : withinDomain(host, base);
}

/** Undefined: one that Go does not compare with constraints. */
function uriHost(uri: string): string | undefined {
  const host = /^[^/?#]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/.exec(uri)?.[1]?.replace(/:\d*$/, "") ?? "";
  return host === "" || isIP(host) || host.startsWith("[") ? undefined : host;
}

function addressText(address: Buffer): string {
  return address.length === 4 ? address.join(".") : (address.toString("hex").match(/.{4}/g) ?? []).join(":");
}
