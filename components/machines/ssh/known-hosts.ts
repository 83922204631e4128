import { createHash, createHmac } from "node:crypto";

/** One line of a known_hosts file that says something about a host's own key. Source: SSH_KNOWN_HOSTS in sshd(8). */
export interface KnownHost {
  /** File and line, for messages: `/root/.ssh/known_hosts:3`. */
  place: string;
  /** The host field as it stands: patterns, or a hashed name. */
  hosts: string;
  /** `ssh-ed25519` and so on. */
  type: string;
  /** The public key in base64. */
  key: string;
  revoked: boolean;
}

/** What a known_hosts file says; lines of certificate authorities, and what can't be read, are left out. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split("\n").flatMap((line, index) => {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0]?.startsWith("@") ? fields.shift() : undefined;
    const [hosts, type, key] = fields;
    if (!hosts || hosts.startsWith("#") || !type || !key || marker === "@cert-authority") return [];
    return [{ place: `${file}:${index + 1}`, hosts, type, key, revoked: marker === "@revoked" }];
  });
}

/** The lines about a host. Port 22 is not written in them, others are: `[host]:port`. */
export function knownKeys(known: readonly KnownHost[], host: string, port: number): KnownHost[] {
  const name = hostField(host, port);
  return known.filter(({ hosts }) => matches(hosts, name));
}

/** A host as known_hosts files name it. */
export function hostField(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/**
 * Why a host's key must not be taken; undefined: it is the known one.
 * @param presented the key as the host sent it.
 * @param files where keys are looked up, for the message.
 */
export function hostKeyProblem(
  known: readonly KnownHost[],
  { host, port }: { host: string; port: number },
  presented: Buffer,
  files: readonly string[],
): string | undefined {
  const name = hostField(host, port);
  const key = presented.toString("base64");
  const lines = knownKeys(known, host, port);
  const shown = `${keyType(presented)}, ${fingerprint(presented)}`;
  const revoked = lines.find((line) => line.revoked && line.key === key);
  if (revoked) return `shows a host key that is revoked (${shown}; ${revoked.place}).`;
  const valid = lines.filter((line) => !line.revoked);
  if (valid.some((line) => line.key === key)) return undefined;
  const [first] = valid;
  if (first) {
    const file = first.place.replace(/:\d+$/, "");
    return (
      `shows another host key (${shown}) than the one in ${first.place}: either it was set up again, or another host poses as ` +
      `it. If it was, check the fingerprint on it, then: ssh-keygen -R '${name}' -f '${file}' and add the new key.`
    );
  }
  const [file = ""] = files;
  return (
    `shows a host key (${shown}) that is in none of ${files.join(", ")}. Compare it with what "ssh-keygen -lf ` +
    `/etc/ssh/ssh_host_ed25519_key.pub" says on the node, then: ssh-keyscan -p ${port} '${host}' >> '${file}'`
  );
}

/**
 * The algorithms to ask for so that the host shows a key that is known; undefined: none is, any will do. RSA keys sign with
 * SHA-2 under names of their own.
 */
export function preferredAlgorithms(lines: readonly KnownHost[]): string[] | undefined {
  const types = [...new Set(lines.filter(({ revoked }) => !revoked).map(({ type }) => type))];
  if (types.length === 0) return undefined;
  return types.flatMap((type) => (type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]));
}

/** As `ssh-keygen -l` prints it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The wire format begins with the name of the type, its length before it. */
function keyType(key: Buffer): string {
  return key.length < 4 ? "unknown" : key.subarray(4, 4 + key.readUInt32BE(0)).toString("latin1");
}

function matches(hosts: string, name: string): boolean {
  if (hosts.startsWith("|")) return matchesHash(hosts, name);
  const patterns = hosts.toLowerCase().split(",");
  const fits = (pattern: string) => wildcard(pattern).test(name);
  if (patterns.some((pattern) => pattern.startsWith("!") && fits(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith("!") && fits(pattern));
}

/** `|1|salt|hash`: HMAC-SHA1 of the name. */
function matchesHash(hosts: string, name: string): boolean {
  const [, version, salt, hash] = hosts.split("|");
  if (version !== "1" || !salt || !hash) return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

function wildcard(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text}$`);
}
