import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { makeAuthority } from "../support/openssl-certificates.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const isRoot = process.geteuid?.() === 0;

/** What the user who runs the tests makes. */
export const owner = `${process.geteuid?.()}:${isRoot ? 0 : process.getegid?.()}`;

/** For the tests of one file: two authorities, and for each test a node's folder, empty. */
export class TrustFixture {
  /** PEM. */
  ca = "";
  otherCa = "";
  /** Holds `ca.crt`, `ca.key`, `other.crt`, `other.key`. */
  authorities = "";
  /** The node: certs.d is `etc/docker/certs.d` below it, and is not there at first. */
  root = "";

  constructor() {
    const open: AsyncDisposable[] = [];
    const folder = async () => {
      const made = await temporaryFolder();
      open.push(made);
      return made.path;
    };
    beforeAll(async () => {
      this.authorities = await folder();
      this.ca = await makeAuthority(this.authorities, "ca");
      this.otherCa = await makeAuthority(this.authorities, "other");
    });
    beforeEach(async () => {
      this.root = await folder();
    });
    afterEach(() => open.pop()?.[Symbol.asyncDispose]());
    afterAll(() => open.pop()?.[Symbol.asyncDispose]());
  }

  get certsDirectory(): string {
    return join(this.root, "etc", "docker", "certs.d");
  }

  /** Inputs for one host, with changes. */
  settings(changes: object = {}) {
    return {
      hosts: ["registry.test"],
      port: 5000,
      certificatePem: this.ca,
      connection: { type: "local" },
      certsDirectory: this.certsDirectory,
      ...changes,
    };
  }

  fileOf(host: string): string {
    return join(this.certsDirectory, `${host}:5000`, "ca.crt");
  }
}

/** A ca.crt that another program made. */
export async function someoneElses(path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await writeFile(path, content);
  await chmod(path, mode);
}
