import { isIP } from "node:net";
import { z } from "zod";

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const dnsName = new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`, "i");

/** A name that a certificate can stand for: a DNS name, with a wildcard as its first label if need be, or an IP address. */
export const certificateHost = z
  .string()
  .refine(
    (host) => isIP(host) !== 0 || (host.length <= 253 && dnsName.test(host)),
    "must be a DNS name or an IP address, without scheme, port and path",
  );
