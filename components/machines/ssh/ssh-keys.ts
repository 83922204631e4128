import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { AnyAuthMethod } from "ssh2";
import type { SshLogin } from "./ssh-login.ts";

/** The keys that OpenSSH tries when none is named, in its order. */
const usualKeys = ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => `~/.ssh/${name}`);

/** What to try, in order; `names` is for the message when none of it is taken. */
export interface SshKeys {
  methods: AnyAuthMethod[];
  names: string[];
}

/**
 * The named key, or the agent's and the usual ones.
 * @throws where the named key can't be read or its passphrase is missing or wrong
 */
export async function sshKeys(login: SshLogin, username: string): Promise<SshKeys> {
  const { default: ssh2 } = await import("ssh2");
  const { privateKeyFile, passphrase } = login;
  const agent = process.env.SSH_AUTH_SOCK;
  const keys: SshKeys = { methods: [], names: [] };
  if (agent && !privateKeyFile) {
    keys.methods.push({ type: "agent", username, agent });
    keys.names.push("the ssh agent");
  }
  for (const file of privateKeyFile ? [privateKeyFile] : usualKeys) {
    const text = await readFile(inHome(file)).catch((error: Error) => {
      if (privateKeyFile) throw new Error(`the key file ${file} can't be read: ${error.message}.`);
      return undefined;
    });
    if (!text) continue;
    const key = ssh2.utils.parseKey(text, passphrase);
    if (!(key instanceof Error)) {
      keys.methods.push({ type: "publickey", username, key: text, ...(passphrase ? { passphrase } : {}) });
      keys.names.push(file);
    } else if (privateKeyFile) {
      const wanted = passphrase ? "the passphrase given may be wrong" : "if it has a passphrase, set passphrase";
      throw new Error(`the key file ${file} can't be used (${key.message}): ${wanted}, or load it into an ssh agent.`);
    }
  }
  if (keys.methods.length > 0) return keys;
  throw new Error(`there is no key to log in with: no ssh agent, none of ${usualKeys.join(", ")}. Set privateKeyFile.`);
}

/** `~/x` in the home folder of who runs this. */
export function inHome(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}
