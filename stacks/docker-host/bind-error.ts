import { createServer } from "node:net";

/** Why a port of this machine can't be listened on: `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`; undefined: it can. */
export function bindError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code));
    server.listen({ port, host, ipv6Only: true, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
