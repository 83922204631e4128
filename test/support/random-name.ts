import { randomBytes } from "node:crypto";

/** A name that no other test and no user has: `registry-kit-test-<purpose>-<random>`. */
export function randomName(purpose: string): string {
  return `registry-kit-test-${purpose}-${randomBytes(5).toString("hex")}`;
}
