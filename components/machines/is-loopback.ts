import { isIPv4 } from "node:net";

/** Whether clients on other machines can't reach this host. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "::1" || (isIPv4(host) && host.startsWith("127."))
  );
}
