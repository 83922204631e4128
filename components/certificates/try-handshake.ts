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
  for (const [version, names] of [
    ["TLSv1.3", hosts],
    ["TLSv1.2", hosts.slice(0, 1)],
  ] as const) {
    const failed = new Map<string, string[]>();
    for (const host of names) {
      const reason = await handshake(files, host, version);
      if (reason) failed.set(reason, [...(failed.get(reason) ?? []), host]);
    }
    // What fails in one version for a certificate's sake fails in the other, too.
    if (failed.size > 0)
      return [...failed].map(
        ([reason, of]) => `fails in a TLS handshake (${version.replace("v", " ")}) for ${of.join(", ")}: ${reason}`,
      );
  }
  return [];
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

/** What OpenSSL alone refuses, by its own word for it, in words that say what to do. */
const remedies: [RegExp, string][] = [
  [
    /certificate purpose/,
    "OpenSSL and curl take it for no TLS server. Issue it without nsCertType, and with keyUsage=digitalSignature,keyEncipherment",
  ],
  [
    /subtree violation/,
    "OpenSSL and curl compare the nameConstraints of an authority with the subject, too. Issue it with an empty subject, or with a common name and an emailAddress that they allow",
  ],
];

/** Else OpenSSL's own word for it, without the place in its source. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { reason, code } = error as { reason?: string; code?: string };
  const remedy = remedies.find(([pattern]) => pattern.test(error.message))?.[1];
  return remedy ?? reason ?? (code && !error.message.includes(code) ? `${error.message} (${code})` : error.message);
}
