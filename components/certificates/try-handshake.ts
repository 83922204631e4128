import { isIP } from "node:net";
import { duplexPair } from "node:stream";
import { checkServerIdentity, connect, type SecureVersion, TLSSocket } from "node:tls";

export interface HandshakeFiles {
  /** What the server sends, PEM. */
  chainPem: string;
  privateKeyPem: string;
  /** What the client trusts, PEM. */
  authorityCertificatePem: string;
}

/** Longest time for a handshake in memory, in ms. */
const longest = 10_000;

/**
 * Does a real TLS handshake between a server with these files and a client that trusts the authority, for each host, in
 * memory: with Node's OpenSSL, which is stricter than Go in some ways. Only for files in which `checkProvidedCertificate` found
 * no problem: Node 24 itself crashes on keys of some curves that it refuses.
 *
 * @returns what failed, in words that go on after the name of the certificate; empty: nothing
 */
export async function tryHandshakes(files: HandshakeFiles, hosts: string[]): Promise<string[]> {
  const attempts = hosts.map((host) => ({ host, version: "TLSv1.3" as const }));
  const [first] = hosts;
  const all = first === undefined ? [] : [...attempts, { host: first, version: "TLSv1.2" as const }];
  const failures: string[] = [];
  for (const { host, version } of all) {
    const failure = await handshake(files, host, version);
    if (failure) failures.push(`fails in a TLS handshake (${version.replace("v", " ")}) for ${host}: ${failure}`);
  }
  return failures;
}

async function handshake(files: HandshakeFiles, host: string, version: SecureVersion): Promise<string | undefined> {
  const [near, far] = duplexPair();
  // A wildcard is for every name below it.
  const name = host.replace(/^\*/, "any");
  try {
    const server = new TLSSocket(far, { isServer: true, key: files.privateKeyPem, cert: files.chainPem });
    server.on("error", () => {});
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      const client = connect({
        socket: near,
        ca: files.authorityCertificatePem,
        allowPartialTrustChain: true,
        minVersion: version,
        maxVersion: version,
        ...(isIP(name) ? {} : { servername: name }),
        checkServerIdentity: (_given, certificate) => checkServerIdentity(name, certificate),
      });
      client.once("secureConnect", resolve);
      client.on("error", reject);
      client.setTimeout(longest, () => reject(new Error("no answer")));
    });
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    near.destroy();
    far.destroy();
  }
}

/** OpenSSL's own word for it, without the place in its source. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { reason, code } = error as { reason?: string; code?: string };
  return reason ?? (code && !error.message.includes(code) ? `${error.message} (${code})` : error.message);
}
