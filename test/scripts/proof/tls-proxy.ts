import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import type { TestCertificate } from "../../support/test-certificates.ts";

/** Ends TLS in front of a TLS registry, as an old reverse proxy would: from TLS 1.0 on. */
export async function startOldTlsProxy(
  { certificate, key }: TestCertificate,
  registryPort: number,
): Promise<AsyncDisposable & { port: number }> {
  const server = createServer(
    { cert: certificate, key, minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" },
    (client) => {
      const upstream = connect({ host: "127.0.0.1", port: registryPort, rejectUnauthorized: false });
      client.on("error", () => upstream.destroy());
      upstream.on("error", () => client.destroy());
      client.pipe(upstream).pipe(client);
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}
