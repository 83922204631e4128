import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextName } from "../../components/swarm/content-name-lifecycle.ts";

const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const prefix = "registry-htpasswd";

describe("The name of a secret with a content", () => {
  it("shows twelve digits of the content's digest", () => {
    const value = nextName({ prefix, digest: `0123456789abcdef${"0".repeat(48)}` }, []).value;
    expect(value).toBe("registry-htpasswd-0123456789ab");
  });

  it("is another one when former content comes back, as its object can still be there", () => {
    const [a, b] = ["a".repeat(64), "b".repeat(64)];
    const first = nextName({ prefix, digest: a }, []);
    const second = nextName({ prefix, digest: b }, first.taken);
    const third = nextName({ prefix, digest: a }, second.taken);
    const fourth = nextName({ prefix, digest: a }, third.taken);
    expect([first, second, third, fourth].map(({ value }) => value)).toEqual([
      "registry-htpasswd-aaaaaaaaaaaa",
      "registry-htpasswd-bbbbbbbbbbbb",
      "registry-htpasswd-aaaaaaaaaaaa-2",
      "registry-htpasswd-aaaaaaaaaaaa-3",
    ]);
  });

  it("is none of the last twenty, whatever contents come and go, and fits Docker's rule of 64 characters", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a".repeat(64), "b".repeat(64)), { maxLength: 60 }),
        digest,
        (contents, last) => {
          const taken = contents.reduce<string[]>(
            (former, content) => nextName({ prefix, digest: content }, former).taken,
            [],
          );
          expect(new Set(taken).size).toBe(taken.length);
          expect(taken.length).toBeLessThanOrEqual(20);
          expect(taken).not.toContain(nextName({ prefix, digest: last }, taken).value);
          for (const name of taken) expect(name).toMatch(/^[a-zA-Z0-9][\w.-]{0,62}[a-zA-Z0-9]$/);
        },
      ),
    );
  });
});
