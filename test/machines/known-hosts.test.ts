import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import {
  hostKeyProblem,
  knownKeys,
  parseKnownHosts,
  preferredAlgorithms,
} from "../../components/machines/ssh/known-hosts.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A key in the wire format, whose content does not matter. */
function key(seed: string, type = "ssh-ed25519"): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), createHash("sha256").update(seed).digest()]);
}

const line = (hosts: string, seed: string, type = "ssh-ed25519") =>
  `${hosts} ${type} ${key(seed, type).toString("base64")} a comment`;

function problem(text: string, host: string, port: number, seed: string): string | undefined {
  return hostKeyProblem(parseKnownHosts(text, "kh"), { host, port }, key(seed), ["kh", "/etc/ssh/ssh_known_hosts"]);
}

describe("a host key", () => {
  it.each([
    ["the name", "node.test", "node.test", 22],
    ["another case of the name", "node.test", "Node.Test", 22],
    ["one of several names", "other.test,node.test,10.0.0.1", "node.test", 22],
    ["a port that is not 22", "[node.test]:2222", "node.test", 2222],
    ["an IPv6 address", "2001:db8::1", "2001:db8::1", 22],
    ["wildcards", "*.node?.test", "a.node1.test", 22],
  ])("is taken when a line has it for %s", (_, hosts, host, port) => {
    expect(problem(`# comment\n\n${line(hosts, "a")}\n`, host, port, "a")).toBeUndefined();
  });

  it.each([
    ["another port", "node.test", "node.test", 2222],
    ["a host that a pattern leaves out", "*.test,!node.test", "node.test", 22],
    ["a name that only contains it", "anode.test", "node.test", 22],
    ["a dot that is any letter in a regular expression", "nodeatest", "node.test", 22],
  ])("is not known for %s", (_, hosts, host, port) => {
    expect(problem(line(hosts, "a"), host, port, "a")).toMatch(/is in none of kh, \/etc\/ssh\/ssh_known_hosts/);
  });

  it("that is unknown: the message has the fingerprint and the command that adds it", () => {
    const fingerprint = createHash("sha256").update(key("a")).digest("base64").replace(/=+$/, "");
    const text = problem("", "node.test", 2222, "a");
    expect(text).toContain(`(ssh-ed25519, SHA256:${fingerprint})`);
    expect(text).toContain("ssh-keyscan -p 2222 'node.test' >> 'kh'");
  });

  it("that changed: the message has the line and the command that removes it", () => {
    const text = problem(`${line("x.test", "x")}\n${line("[node.test]:2222", "a")}`, "node.test", 2222, "b");
    expect(text).toContain("than the one in kh:2");
    expect(text).toContain("another host poses as it");
    expect(text).toContain("ssh-keygen -R '[node.test]:2222' -f 'kh'");
  });

  it("that is revoked is refused, even where another line allows it", () => {
    const text = `${line("node.test", "a")}\n@revoked ${line("*", "a")}`;
    expect(problem(text, "node.test", 22, "a")).toMatch(/is revoked \(.*kh:2/);
    expect(problem(`${text}\n${line("node.test", "b")}`, "node.test", 22, "b")).toBeUndefined();
  });

  it("of a line for a certificate authority is not taken for the host's own", () => {
    expect(problem(`@cert-authority ${line("*", "a")}`, "node.test", 22, "a")).toMatch(/is in none of/);
  });

  it("is found in a file whose names ssh-keygen hashed", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "known_hosts");
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder.path, "key")]);
    const [type, base64 = ""] = (await readFile(join(folder.path, "key.pub"), "utf8")).split(" ");
    await execa("sh", ["-c", 'echo "node.test,[10.0.0.1]:2222 $1 $2" > "$0"', file, type ?? "", base64]);
    await execa("ssh-keygen", ["-q", "-H", "-f", file], { reject: false });
    const text = await readFile(file, "utf8");
    expect(text).not.toContain("node.test");
    const presented = Buffer.from(base64, "base64");
    const check = (host: string, port: number) =>
      hostKeyProblem(parseKnownHosts(text, file), { host, port }, presented, [file]);
    expect(check("node.test", 22)).toBeUndefined();
    expect(check("10.0.0.1", 2222)).toBeUndefined();
    expect(check("10.0.0.1", 22)).toMatch(/is in none of/);
  });
});

describe("the algorithms asked for", () => {
  it("are those of the known keys, RSA's with SHA-2, so that a host with several keys shows a known one", () => {
    const known = parseKnownHosts([line("a.test", "1", "ssh-rsa"), line("a.test", "2")].join("\n"), "kh");
    expect(preferredAlgorithms(knownKeys(known, "a.test", 22))).toEqual([
      "rsa-sha2-512",
      "rsa-sha2-256",
      "ssh-ed25519",
    ]);
    expect(preferredAlgorithms(knownKeys(known, "b.test", 22))).toBeUndefined();
  });
});
