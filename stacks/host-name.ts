import { isIPv4 } from "node:net";
import { hostSchema } from "../components/certificates/subject-alternative-names.ts";

/** A name or an address by which clients reach the registry: no scheme, no port, no path, no wildcard. */
export const hostName = hostSchema.refine(
  (host) => !host.startsWith("*"),
  "is a wildcard; clients need a name that they can connect to.",
);

/** Whether clients on other machines can't reach this host. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "::1" || (isIPv4(host) && host.startsWith("127."))
  );
}
