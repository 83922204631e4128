import { isIP, isIPv4 } from "node:net";
import forge from "node-forge";
import { z } from "zod";
import type { CertificateExtension } from "./sign-certificate.ts";
import { hostProblem } from "./subject-alternative-names.ts";

const { asn1 } = forge;
const { Class } = asn1;

/** Tags of a GeneralName (RFC 5280, 4.2.1.6). */
const dnsName = 2;
const ipAddress = 7;

/** `example.com`: the name and all below it; `10.0.0.0/8`, `fd00::/8`: a network; `10.1.2.3`: one address. */
export const permittedSchema = z
  .array(
    z.string().superRefine((place, context) => {
      const problem = placeProblem(place);
      if (problem) context.addIssue({ code: "custom", message: problem });
    }),
    { error: "must be a list of domains and networks" },
  )
  .min(1, { error: "is empty: name at least one domain or network, or leave it out" });

function placeProblem(place: string): string | undefined {
  const given = JSON.stringify(place);
  if (place.includes("*")) return `${given}: write the domain alone, names below it are in it`;
  if (place.startsWith(".")) return `${given}: write the domain without a dot before it`;
  const [address = "", bits, ...more] = place.split("/");
  if (bits === undefined) return hostProblem(place);
  const most = isIPv4(address) ? 32 : 128;
  if (isIP(address) && more.length === 0 && /^\d+$/.test(bits) && Number(bits) <= most) return undefined;
  return `${given} is no network: write it like 10.0.0.0/8 or fd00::/8`;
}

/** Whether an authority with these constraints may sign for a host. */
export function isPermitted(host: string, permitted: string[]): boolean {
  const name = host.replace(/^\*\./, "").toLowerCase();
  if (!isIP(name)) {
    return permitted.some((place) => {
      const domain = place.toLowerCase();
      return !isIP(networkOf(place).address) && (name === domain || name.endsWith(`.${domain}`));
    });
  }
  return permitted.some((place) => {
    const { address, bits } = networkOf(place);
    if (isIP(address) !== isIP(name)) return false;
    const [network, own] = [bytesOf(address), bytesOf(name)];
    return maskOf(bits, network.length).every(
      (mask, index) => ((network[index] ?? 0) & mask) === ((own[index] ?? 0) & mask),
    );
  });
}

/**
 * The extension nameConstraints (RFC 5280, 4.2.1.10), critical as it must be. A kind of name that none is permitted of is excluded as
 * a whole: what is not named at all would be free.
 */
export function nameConstraints(permitted: string[]): CertificateExtension {
  const domains = permitted.filter((place) => !isIP(networkOf(place).address));
  const networks = permitted.filter((place) => isIP(networkOf(place).address));
  const excluded = [
    ...(domains.length === 0 ? [subtree(dnsName, "")] : []),
    ...[4, 16]
      .filter((length) => !networks.some((place) => bytesOf(networkOf(place).address).length === length))
      .map((length) => subtree(ipAddress, "\0".repeat(2 * length))),
  ];
  const allowed = [
    ...domains.map((domain) => subtree(dnsName, domain.toLowerCase())),
    ...networks.map((place) => subtree(ipAddress, networkBytes(place))),
  ];
  const lists = [
    ...(allowed.length > 0 ? [asn1.create(Class.CONTEXT_SPECIFIC, 0, true, allowed)] : []),
    ...(excluded.length > 0 ? [asn1.create(Class.CONTEXT_SPECIFIC, 1, true, excluded)] : []),
  ];
  const value = asn1.toDer(asn1.create(Class.UNIVERSAL, asn1.Type.SEQUENCE, true, lists)).getBytes();
  return { id: "2.5.29.30", critical: true, value };
}

function subtree(tag: number, value: string): forge.asn1.Asn1 {
  const name = asn1.create(Class.CONTEXT_SPECIFIC, tag, false, value);
  return asn1.create(Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [name]);
}

function networkOf(place: string): { address: string; bits: number | undefined } {
  const [address = "", bits] = place.split("/");
  return { address, bits: bits === undefined ? undefined : Number(bits) };
}

/** Address and mask, the address without the bits that the mask has not: OpenSSL compares it as it is. */
function networkBytes(place: string): string {
  const { address, bits } = networkOf(place);
  const bytes = bytesOf(address);
  const mask = maskOf(bits, bytes.length);
  return Buffer.from([...bytes.map((byte, index) => byte & (mask[index] ?? 0)), ...mask]).toString("binary");
}

function maskOf(bits: number | undefined, length: number): number[] {
  const all = bits ?? 8 * length;
  return Array.from({ length }, (_, index) => 256 - 2 ** (8 - Math.min(8, Math.max(0, all - 8 * index)))).map(
    (byte) => byte & 255,
  );
}

/** @param address IPv4, or IPv6 in any form */
function bytesOf(address: string): number[] {
  // node-forge's types lack it.
  const { bytesFromIP } = forge.util as unknown as { bytesFromIP(address: string): string | null };
  return [...Buffer.from(bytesFromIP(address) ?? "", "binary")];
}
