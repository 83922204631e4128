import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketName } from "../../components/storage/bucket-name.ts";

const problems = (name: string) => bucketName.safeParse(name).error?.issues.map(({ message }) => message) ?? [];

describe("the name of a bucket", () => {
  it.each(["abc", "my-registry-images", "images.example.com", "1-2-3", "a".repeat(63), "registry-images-1a2b3c4"])(
    "%s is allowed",
    (name) => expect(problems(name)).toEqual([]),
  );

  it.each([
    ["ab", ["3 to 63 characters"]],
    ["a".repeat(64), ["3 to 63 characters"]],
    ["My-Bucket", ["lower-case letters"]],
    ["my_bucket", ["lower-case letters"]],
    ["-images", ["begin and end"]],
    ["images.", ["begin and end"]],
    ["a..b", ["two dots"]],
    ["192.168.0.1", ["IP address"]],
    ["xn--images", ["begin with xn--"]],
    ["sthree-images", ["begin with xn--"]],
    ["amzn-s3-demo-bucket", ["begin with xn--"]],
    ["images-s3alias", ["end with -s3alias, --ol-s3, .mrap, --table-s3"]],
    ["images--ol-s3", ["end with -s3alias, --ol-s3"]],
    ["images--x-s3", ["end with --x-s3"]],
    ["images.mrap", ["end with -s3alias"]],
    ["images--table-s3", ["end with -s3alias"]],
    ["-A..", ["lower-case letters", "begin and end", "two dots"]],
  ])("%s is refused with every rule that it breaks", (name, rules) => {
    const found = problems(name);
    expect(found).toHaveLength(rules.length);
    for (const [i, rule] of rules.entries()) expect(found[i]).toContain(rule);
    expect(found.every((problem) => problem.startsWith(`is ${JSON.stringify(name)}; it must`))).toBe(true);
  });

  it("what is allowed is also a host name of one or more labels", () => {
    const name = fc.string({ unit: fc.constantFrom(..."ab1-."), minLength: 1, maxLength: 70 });
    fc.assert(
      fc.property(name, (text) => {
        fc.pre(problems(text).length === 0);
        expect(text).toMatch(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
        expect(text).not.toContain("..");
      }),
    );
  });
});
