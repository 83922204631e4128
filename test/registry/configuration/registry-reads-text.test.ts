import fc from "fast-check";
import { expect, it } from "vitest";
import { awkwardText, describeWithRegistry } from "./describe-with-registry.ts";
import { RealRegistry, specOf } from "./real-registry.ts";

describeWithRegistry("text that the registry 3.1.2 reads", () => {
  it("returns any text of an untyped map as the same text", async () => {
    const texts = [
      ...[
        "",
        " ",
        "1e3",
        "0x1F",
        "017",
        "1_000",
        "1:30",
        ".5",
        "+1",
        "-",
        "~",
        "null",
        "yes",
        "Off",
        "2001-01-01",
        "<<",
        "=",
        "!!int 1",
      ],
      ...[
        "\u0000\u0007\t\r\n\u001b\u007f\u0085\u009f",
        "\u2028\u2029\ufeff\ufffe\uffff",
        "a\nb\n".repeat(30),
        "*a",
        "&a",
        "|",
        ">",
        "---",
      ],
      awkwardText,
      ...fc.sample(fc.string({ unit: "binary", maxLength: 60 }), 300).filter((value) => value.isWellFormed()),
      ...fc.sample(fc.string({ unit: "grapheme", maxLength: 200 }), 100),
    ];
    const names = ["yes", "n", "NULL", "True", "e1", "_1", ...texts.map((_, index) => `f${index}`)];
    const fields = Object.fromEntries(names.map((name, index) => [name, texts[index % texts.length] ?? ""]));
    await using registry = await RealRegistry.start(specOf({ log: { format: "json", fields } }));
    const lines = (await registry.log()).split("\n").filter((line) => line.startsWith("{"));
    const line = lines.map((json) => JSON.parse(json)).find((entry) => "f0" in entry);
    expect(line).toMatchObject(fields);
  });

  it.each(["1e3", "2001-01-01", awkwardText.replace(/\\ /, "")])("asks for a password with realm %s", async (realm) => {
    const spec = specOf({ realm }, { htpasswd: { path: "/auth/htpasswd" } });
    await using registry = await RealRegistry.start(spec, { files: { "/auth/htpasswd": "" } });
    const answer = await registry.request("/v2/");
    expect(answer.status).toBe(401);
    const challenge = Buffer.from(answer.headers.get("www-authenticate") ?? "", "latin1").toString("utf8");
    expect(challenge).toBe(`Basic realm=${JSON.stringify(realm)}`);
  });

  it("adds header fields, special characters and several values included", async () => {
    const headers = { "X-Text": `[&#%: "'] $HOME {x} 1e3`, "1e3": ["yes", "no"], "X-Content-Type-Options": "custom" };
    await using registry = await RealRegistry.start(specOf({ headers }));
    const answer = await registry.request("/v2/");
    expect(answer.headers.get("x-text")).toBe(headers["X-Text"]);
    expect(answer.headers.get("1e3")).toBe("yes, no");
    expect(answer.headers.get("x-content-type-options")).toBe("custom");
  });
});
