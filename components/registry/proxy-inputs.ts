import { isIP } from "node:net";
import { z } from "zod";
import { line, proxyUrl } from "./configuration/field-types.ts";

/** What Go compares in NO_PROXY: a host or a domain, with or without a dot before it or a port behind it; an address; a network. */
const exception = line.refine(isException, {
  error: 'must be a host, a domain such as ".example.com", an address, or a network such as "10.0.0.0/8"',
});

/** The proxy of a registry. */
export const proxyInputs = z
  .strictObject({
    https: proxyUrl.optional().describe("URL of the proxy for https:// addresses."),
    http: proxyUrl.optional().describe("URL of the proxy for http:// addresses."),
    no: z
      .array(exception)
      .default([])
      .describe('Hosts, domains, addresses and networks that are reached without it. "*": all. Default: none.'),
  })
  .refine(({ https, http }) => https !== undefined || http !== undefined, {
    error: "names no proxy: give https, http or both, or leave the section out",
  });

function isException(text: string): boolean {
  if (text === "*") return true;
  const [address = "", bits] = text.split("/");
  if (bits !== undefined)
    return isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128);
  return (
    isIP(text) > 0 ||
    /^(\*\.|\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(:\d{1,5})?$/.test(text) ||
    /^\[[0-9a-fA-F:.]+\](:\d{1,5})?$/.test(text)
  );
}
