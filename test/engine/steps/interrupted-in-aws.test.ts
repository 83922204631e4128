import { expect, it } from "vitest";
import { hasTagsOf, namedObject } from "../../../engine/aws/interrupted-create.ts";
import { makeSecret } from "../../../lib/protocol/property-value.ts";

const madeUp = (key: string) => ({ __defaults: ["forceDestroy", key] });

it.each([
  ["aws:s3/bucket:Bucket", { bucket: "b-1", ...madeUp("bucket") }, { id: "b-1", isOnly: true }],
  ["aws:s3/bucket:Bucket", { bucket: "mine" }, { id: "mine", isOnly: false }],
  ["aws:s3/bucket:Bucket", { bucket: makeSecret("mine"), __defaults: ["acl"] }, { id: "mine", isOnly: false }],
  ["aws:s3/bucket:Bucket", {}, undefined],
  ["aws:iam/user:User", { name: "u-1", ...madeUp("name") }, { id: "u-1", isOnly: true }],
  ["aws:iam/userPolicy:UserPolicy", { user: "u", name: "p-1", ...madeUp("name") }, { id: "u:p-1", isOnly: true }],
  ["aws:iam/rolePolicy:RolePolicy", { role: "r", name: "p" }, { id: "r:p", isOnly: false }],
  ["aws:iam/accessKey:AccessKey", { user: "u" }, undefined],
  ["aws:kms/key:Key", { description: "d" }, undefined],
  ["constructor", { name: "u" }, undefined],
])("%s with %o is read as %o", (type, inputs, expected) => {
  expect(namedObject(type, inputs)).toEqual(expected);
});

it.each([
  [{ a: "1" }, { a: "1", b: "2" }, true],
  [{ a: "1", b: "2" }, { a: "1" }, false],
  [{ a: "1" }, { a: "2" }, false],
  [{}, { a: "1" }, false],
  [undefined, { a: "1" }, false],
  [{ a: "1" }, undefined, false],
])("An object that was to have tags %o and has %o is the one: %s", (wanted, live, expected) => {
  const tags = (given: Record<string, string> | undefined) => (given ? { tags: given } : {});
  expect(hasTagsOf(tags(wanted), tags(live))).toBe(expected);
});
