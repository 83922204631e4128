import type { X509Certificate } from "node:crypto";
import { type ConnectionOptions, checkServerIdentity, connect } from "node:tls";
import type { Endpoint } from "./request-registry.ts";
import { serverName } from "./server-name.ts";

export interface Handshake {
  /** For example `TLSv1.3`. */
  protocol: string;
  certificate: X509Certificate;
}

/** A TLS handshake as a client does it, closed right after. Rejects when one side refuses the other. */
export function shakeHands(
  { host, connectTo, port, authority, client }: Endpoint,
  options: Pick<ConnectionOptions, "rejectUnauthorized" | "minVersion" | "maxVersion" | "ciphers">,
  signal: AbortSignal,
): Promise<Handshake> {
  const { promise, resolve, reject } = Promise.withResolvers<Handshake>();
  const socket = connect({
    ...options,
    host: connectTo,
    port,
    ...(authority === undefined ? {} : { ca: authority }),
    ...(client ? { cert: client.certificate, key: client.privateKey } : {}),
    // As Docker does: an intermediate certificate in ca.crt is trusted as it is.
    allowPartialTrustChain: true,
    servername: serverName(host),
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  });
  const stop = () => socket.destroy(signal.reason instanceof Error ? signal.reason : new Error("stopped"));
  signal.addEventListener("abort", stop, { once: true });
  socket.once("error", reject);
  socket.once("secureConnect", () => {
    const certificate = socket.getPeerX509Certificate();
    if (certificate) resolve({ protocol: socket.getProtocol() ?? "unknown", certificate });
    else reject(new Error("the server sent no certificate"));
    socket.end();
  });
  if (signal.aborted) stop();
  return promise.finally(() => {
    signal.removeEventListener("abort", stop);
    // A late error of a closing connection is nobody's business.
    socket.on("error", () => {});
    socket.destroySoon();
  });
}
