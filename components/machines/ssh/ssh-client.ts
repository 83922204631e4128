import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { Client, ServerHostKeyAlgorithm } from "ssh2";
import { hostKeyProblem, knownKeys, parseKnownHosts, preferredAlgorithms } from "./known-hosts.ts";
import { inHome, sshKeys } from "./ssh-keys.ts";
import type { SshLogin, SshPlace } from "./ssh-login.ts";

const usualKnownHosts = ["~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"];

/** `admin@node.example.com:22`, for messages. */
export function loginName({ host, port }: SshPlace, user: string): string {
  return `${user}@${host}:${port}`;
}

/**
 * Logs in to a host whose key is known.
 * @param way the stream to it; undefined: a TCP connection from here.
 * @throws with what is wrong and what to do; the host's name is in it
 */
export async function openSshClient(place: SshPlace, user: string, login: SshLogin, way?: Duplex): Promise<Client> {
  const name = loginName(place, user);
  const fail = (reason: string): never => {
    throw new Error(`${name}: ${reason}`);
  };
  const keys = await sshKeys(login, user).catch((error: Error) => fail(error.message));
  const files = (login.knownHosts ? [login.knownHosts] : usualKnownHosts).map(inHome);
  const known = (await Promise.all(files.map(readKnownHosts))).flat();
  const serverHostKey = preferredAlgorithms(knownKeys(known, place.host, place.port));
  let keyProblem: string | undefined;
  const { default: ssh2 } = await import("ssh2");
  const client = new ssh2.Client();
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve);
      // An agent that does not answer is no end: the keys come next.
      client.on("error", (error: Error & { level?: string }) => error.level !== "agent" && reject(error));
      client.once("close", () => reject(new Error("closed the connection before the login was done")));
      client.connect({
        sock: way ?? connect({ host: place.host, port: place.port, noDelay: true }),
        username: user,
        authHandler: keys.methods,
        readyTimeout: login.timeout * 1000,
        ...(serverHostKey ? { algorithms: { serverHostKey: serverHostKey as ServerHostKeyAlgorithm[] } } : {}),
        hostVerifier: (key: Buffer) => {
          keyProblem = hostKeyProblem(known, place, key, files);
          return keyProblem === undefined;
        },
      });
    });
  } catch (error) {
    client.destroy();
    way?.destroy();
    fail(keyProblem ?? reasonOf(error, keys.names, login));
  }
  // The user of the connection learns of its end from the channel.
  client.on("error", () => {});
  return client;
}

async function readKnownHosts(file: string) {
  return parseKnownHosts(await readFile(file, "utf8").catch(() => ""), file);
}

function reasonOf(error: unknown, keyNames: string[], { timeout }: SshLogin): string {
  const { level, message } = error as { level?: string; message: string };
  if (level === "client-authentication") {
    return `refuses every key that was tried (${keyNames.join(", ")}). Add the public key to authorized_keys there.`;
  }
  if (level === "client-timeout") return `no ssh server answered within ${timeout} s.`;
  if (/no matching host key format/i.test(message)) {
    return "has no host key of a kind that known_hosts has for it: it was set up again, or another host poses as it.";
  }
  const [, what] =
    /no matching (key exchange algorithm|C->S cipher|S->C cipher|C->S MAC|S->C MAC)/i.exec(message) ?? [];
  if (what) return noCommon(what);
  return `can't be reached by ssh: ${message.replace(/\.$/, "")}.`;
}

/** An sshd that takes nothing but what is newer than the kit's ssh, or older than it allows. */
function noCommon(what: string): string {
  const [kind, option, usual] = /key exchange/.test(what)
    ? ["key exchange", "KexAlgorithms", "curve25519-sha256"]
    : /cipher/.test(what)
      ? ["cipher", "Ciphers", "aes256-gcm@openssh.com"]
      : ["MAC", "MACs", "hmac-sha2-256-etm@openssh.com"];
  const newer = kind === "key exchange" ? " (it knows none with sntrup761 or mlkem768)" : "";
  return `allows no ${kind} that the kit's ssh knows${newer}. In its sshd_config: ${option} +${usual}, then reload sshd.`;
}
