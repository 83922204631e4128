import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/** PBKDF2-SHA256 with a million rounds, AES-256-GCM: `sdk/go/common/resource/config/crypt.go` of Pulumi. */
const rounds = 1_000_000;
const algorithm = "aes-256-gcm";
const tagLength = 16;
const nonceLength = 12;
/** What the salt's own ciphertext must decrypt to. */
const proof = "pulumi";

/** Encrypts and decrypts the secrets of a stack with a key made from a passphrase and the stack's salt. */
export class Passphrase {
  /** `v1:<salt>:v1:<nonce>:<proof>`, as stack configuration and state record it. */
  readonly salt: string;
  readonly #key: Buffer;

  private constructor(salt: string, key: Buffer) {
    this.salt = salt;
    this.#key = key;
  }

  /** @throws where the passphrase is not the one that the salt was made with. */
  static async open(passphrase: string, salt: string): Promise<Passphrase> {
    const [version, encodedSalt, ...ciphertext] = salt.split(":");
    if (version !== "v1" || !encodedSalt || ciphertext.length !== 3)
      throw new Error(`The encryption salt "${salt}" is not of the form v1:<salt>:v1:<nonce>:<ciphertext>.`);
    const opened = new Passphrase(salt, await deriveKey(passphrase, Buffer.from(encodedSalt, "base64")));
    if (opened.#tryDecrypt(ciphertext.join(":")) !== proof)
      throw new Error(
        "The passphrase is not the one this stack was made with. Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the right one.",
      );
    return opened;
  }

  /** A new salt for a new stack. */
  static async create(passphrase: string): Promise<Passphrase> {
    const salt = randomBytes(8);
    const key = await deriveKey(passphrase, salt);
    const encrypted = new Passphrase("", key).encrypt(proof);
    return new Passphrase(`v1:${salt.toString("base64")}:${encrypted}`, key);
  }

  /** `v1:<nonce>:<ciphertext and tag>`; another one at each call. */
  encrypt(plaintext: string): string {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv(algorithm, this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  }

  /** @throws where the ciphertext was made with another key, or was changed. */
  decrypt(ciphertext: string): string {
    const plaintext = this.#tryDecrypt(ciphertext);
    if (plaintext === undefined)
      throw new Error("A secret cannot be decrypted: it was made with another passphrase or salt, or it was changed.");
    return plaintext;
  }

  #tryDecrypt(ciphertext: string): string | undefined {
    const [version, nonce, sealed] = ciphertext.split(":");
    const bytes = Buffer.from(sealed ?? "", "base64");
    if (version !== "v1" || !nonce || bytes.length < tagLength) return undefined;
    const decipher = createDecipheriv(algorithm, this.#key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-tagLength));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(0, -tagLength)), decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }
}

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return promisify(pbkdf2)(passphrase, salt, rounds, 32, "sha256");
}
