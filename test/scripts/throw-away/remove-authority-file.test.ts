import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { removeAuthorityFile } from "../../../scripts/throw-away/remove-authority-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { issueTestCertificate, makeTestAuthority } from "../../support/test-certificates.ts";

describe("A ca.crt that a label names", () => {
  let authority: string;
  let server: string;
  let other: string;
  beforeAll(async () => {
    const own = await makeTestAuthority("registry-kit CA");
    authority = own.certificate;
    server = (await issueTestCertificate(own, ["127.0.0.1"])).certificate;
    // The same name, another key.
    other = (await makeTestAuthority("registry-kit CA")).certificate;
  });

  function put(root: string, folder: string, content: string): string {
    const file = join(root, folder, "ca.crt");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }
  function remove(file: string, certificate: string | undefined = server): string[] {
    const said: string[] = [];
    removeAuthorityFile(file, certificate, (line) => said.push(line));
    return said;
  }

  it.each(["registry.example.com:5000", "127.0.0.1:5000", "[fd00::2]:5000", "registry.example.com"])(
    "of %s goes with its folder if it is the stack's own, and with containerd's file that leads to it",
    async (folder) => {
      await using root = await temporaryFolder();
      const file = put(root.path, folder, authority);
      writeFileSync(join(dirname(file), "hosts.toml"), `ca = ${JSON.stringify(file)}\n`);
      expect(remove(file)).toEqual([]);
      expect(existsSync(dirname(file))).toBe(false);
    },
  );

  it("leaves a hosts.toml that leads elsewhere", async () => {
    await using root = await temporaryFolder();
    const file = put(root.path, "a:5000", authority);
    const hosts = join(dirname(file), "hosts.toml");
    writeFileSync(hosts, 'ca = "/somewhere/else.crt"\n');
    expect(remove(file)).toEqual([]);
    expect([existsSync(file), existsSync(hosts)]).toEqual([false, true]);
  });

  it("stays if it holds another authority, also one of the same name", async () => {
    await using root = await temporaryFolder();
    const file = put(root.path, "a:5000", other);
    expect(remove(file)).toEqual([`${file} is left: it is not the authority of that stack.`]);
    expect(existsSync(file)).toBe(true);
  });

  it("stays if the stack's certificate is not known, or the file holds no certificate", async () => {
    await using root = await temporaryFolder();
    const file = put(root.path, "a:5000", authority);
    const said: string[] = [];
    removeAuthorityFile(file, undefined, (line) => said.push(line));
    expect(said.join()).toContain("nothing shows which stack the file belongs to");
    const text = put(root.path, "b:5000", "not a certificate");
    expect(remove(text).join()).toContain("is left");
    expect([existsSync(file), existsSync(text)]).toEqual([true, true]);
  });

  it.each(["evil host:5000", "a:5000:1", "a:5000000", "-a:5000", "fd00::2:5000"])(
    "stays in a folder such as %j",
    async (folder) => {
      await using root = await temporaryFolder();
      const file = put(root.path, folder, authority);
      expect(remove(file)).toHaveLength(1);
      expect(existsSync(file)).toBe(true);
    },
  );

  it.each(["relative/a:5000/ca.crt", "/certs.d/x/../a:5000/ca.crt", "/certs.d/a:5000/server.key", "/ca.crt"])(
    "is no such file at %s",
    (path) => expect(remove(path)).toHaveLength(1),
  );

  it("stays behind a symbolic link, of the file or of its folder", async () => {
    await using root = await temporaryFolder();
    const real = put(root.path, "real:5000", authority);
    mkdirSync(join(root.path, "a:5000"));
    symlinkSync(real, join(root.path, "a:5000", "ca.crt"));
    symlinkSync(dirname(real), join(root.path, "b:5000"));
    for (const name of ["a:5000", "b:5000"])
      expect(remove(join(root.path, name, "ca.crt")).join()).toContain("a symbolic link leads there");
    expect(existsSync(real)).toBe(true);
  });
});
