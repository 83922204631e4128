import { describe, expect, it } from "vitest";
import { backportsSource } from "../../../scripts/machine/backports.ts";

const key = "/usr/share/keyrings/debian-archive-keyring.gpg";

describe("the backports of a release", () => {
  it("come from the mirror and key of its main source, in deb822 style", () => {
    const text = [
      `Types: deb\n# a snapshot\nURIs: https://mirror.example/security\nSuites: bookworm-security\nComponents: main\nSigned-By: ${key}\n`,
      `Types: deb deb-src\nURIs: https://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main contrib\nSigned-By: ${key}\n`,
    ].join("\n");
    expect(backportsSource([{ name: "debian.sources", text }], "bookworm")).toEqual({
      name: "registry-kit-backports.sources",
      text: `Types: deb deb-src\nURIs: https://mirror.example/debian\nSuites: bookworm-backports\nComponents: main contrib\nSigned-By: ${key}\n`,
    });
  });

  it.each([
    ["deb http://mirror.example/debian bookworm main", "deb http://mirror.example/debian bookworm-backports main\n"],
    [
      "deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian  bookworm  main contrib",
      "deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm-backports main contrib\n",
    ],
  ])("come in one line from %s", (line, text) => {
    const source = { name: "sources.list", text: `# none\ndeb http://other.example x main\n${line}\n` };
    expect(backportsSource([source], "bookworm")).toEqual({ name: "registry-kit-backports.list", text });
  });

  it.each([
    ["they are there already", "deb http://m bookworm main\ndeb http://m bookworm-backports main", "bookworm"],
    ["the release is not among the sources", "deb http://m trixie main", "bookworm"],
    ["its source is commented out", "# deb http://m bookworm main", "bookworm"],
    ["only its source code is", "deb-src http://m bookworm main", "bookworm"],
    ["the release has no name", "deb http://m sid main", ""],
  ])("are not added when %s", (_name, text, codename) => {
    expect(backportsSource([{ name: "sources.list", text }], codename)).toBeUndefined();
  });

  it("are not derived from a source that is switched off", () => {
    const text = "Enabled: no\nTypes: deb\nURIs: http://m\nSuites: bookworm\nComponents: main\n";
    expect(backportsSource([{ name: "debian.sources", text }], "bookworm")).toBeUndefined();
  });
});
