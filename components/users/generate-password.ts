import { randomInt } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const length = 27;

/**
 * A random password of 27 letters and digits, 160 bits: nothing in it means something to a shell, a URL or YAML's
 * quoting, and it takes no slow hash to protect it.
 */
export function generatePassword(): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}
