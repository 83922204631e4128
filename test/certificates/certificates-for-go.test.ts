import { expect, it } from "vitest";
import { certificatesForGo } from "../../components/certificates/certificates-for-go.ts";
import { keyForGo } from "../../components/certificates/key-for-go.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { opensslIssue } from "./openssl-issue.ts";

// What Go leaves out was tried with AppendCertsFromPEM of Go 1.26.
it("writes certificates as Go finds them, and leaves alone what it reads", async () => {
  await using folder = await temporaryFolder();
  const { certificate: one, key } = await opensslIssue(folder.path, "one");
  const { certificate: two } = await opensslIssue(folder.path, "two");
  const both = one + two;
  expect(keyForGo(`# mine\n${key}`)).toBe(`# mine\n${key}`);
  expect([keyForGo(`\ufeff${key}`), keyForGo(key.replace(/^/gm, "  "))]).toEqual([key, key]);
  for (const text of [both, both.replaceAll("\n", "\r\n"), both.replaceAll("\n", "\n\n"), `# mine\n${one}`, "no PEM"])
    expect(certificatesForGo(text)).toBe(text);
  for (const text of [
    `\ufeff${both}`,
    both.replace(/^/gm, "  "),
    both.replaceAll("CERTIFICATE", "X509 CERTIFICATE"),
    both.replaceAll("\n", "\r"),
    `${one.trim()}${two}`,
  ])
    expect(certificatesForGo(text)).toBe(both);
});
