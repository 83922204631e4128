import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Program } from "../harness/program.ts";
import { destroy, preview, refresh, up } from "../harness/program.ts";

/** A file of this content; its place is the same on every machine. */
function fileOf(content: string, name = "file.txt"): string {
  const path = join("/tmp", "programs-of-the-corpus", name);
  const draft = join(mkdtempSync(join(tmpdir(), "draft-")), "file");
  writeFileSync(draft, content);
  mkdirSync(dirname(path), { recursive: true });
  renameSync(draft, path);
  return path;
}

/** What properties and outputs can hold. */
export const values: Program[] = [
  {
    name: "a file as an asset",
    body(v, { R, pulumi }) {
      new R("x", { content: new pulumi.asset.FileAsset(fileOf(v)) });
    },
    runs: [up("1"), up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a text as an asset",
    body(v, { R, pulumi }) {
      new R("x", { content: new pulumi.asset.StringAsset(`text ${v}`) });
    },
    runs: [up("1"), up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a folder as an archive",
    body(v, { R, pulumi }) {
      fileOf(v, "folder/a.txt");
      fileOf("same", "folder/inner/b.txt");
      new R("x", { content: new pulumi.asset.FileArchive("/tmp/programs-of-the-corpus/folder") });
    },
    runs: [up("1"), up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "an archive of assets",
    body(v, { R, pulumi }) {
      const { AssetArchive, FileArchive, FileAsset, StringAsset } = pulumi.asset;
      fileOf(v, "inside/a.txt");
      const archive = new AssetArchive({
        "text.txt": new StringAsset("text"),
        "file.txt": new FileAsset(fileOf(v)),
        deep: new AssetArchive({ "more.txt": new StringAsset(v) }),
        folder: new FileArchive("/tmp/programs-of-the-corpus/inside"),
      });
      new R("x", { content: archive, list: [archive, new StringAsset(v)] });
    },
    runs: [up("1"), up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "an archive of another kind with the same content",
    body(v, { R, pulumi }) {
      const { AssetArchive, FileArchive, StringAsset } = pulumi.asset;
      fileOf("text", "kind-1/a.txt");
      fileOf("text", "kind-3/a.txt");
      const archive =
        v === "2"
          ? new AssetArchive({ "a.txt": new StringAsset("text") })
          : new FileArchive(`/tmp/programs-of-the-corpus/kind-${v}`);
      new R("x", { content: archive });
      return { archive };
    },
    runs: [up("1"), up("2"), up("3"), destroy("3")],
  },
  {
    name: "a file that is missing as an asset",
    body(_v, { R, pulumi }) {
      new R("x", { content: new pulumi.asset.FileAsset("/tmp/programs-of-the-corpus/missing") });
    },
    runs: [preview(), up()],
  },
  {
    name: "a folder that is missing as an archive",
    body(_v, { R, pulumi }) {
      new R("x", { content: new pulumi.asset.FileArchive("/tmp/programs-of-the-corpus/missing") });
    },
    runs: [preview(), up()],
  },
  {
    name: "an asset as a secret, and one in the outputs of the stack",
    body(v, { R, pulumi }) {
      const asset = new pulumi.asset.StringAsset(v);
      new R("x", { content: pulumi.secret(asset) });
      return { asset };
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "an asset that a refresh reads",
    body(v, { R, pulumi }) {
      new R("x", { content: new pulumi.asset.FileAsset(fileOf(v)) });
    },
    runs: [up("1"), refresh("1"), up("1"), destroy("1")],
  },
  {
    name: "NaN as an output of the stack",
    body(_v, { R }) {
      new R("x", { size: 1 });
      return { n: Number.NaN, a: 1 };
    },
    runs: [up(), preview(), up(), destroy()],
  },
  {
    name: "numbers that JSON has no words for, as inputs",
    body(v, { R }) {
      new R("x", { n: v === "1" ? Number.NaN : Number.POSITIVE_INFINITY });
    },
    runs: [preview("1"), up("1"), up("2")],
  },
  {
    name: "numbers, large and small",
    body(v, { R }) {
      new R("x", { list: [0, -0, 0.1, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, -1.5], v });
    },
    runs: [up("1"), up("1"), up("2"), destroy("2")],
  },
  {
    name: "null, empty and undefined",
    body(v, { R }) {
      const inputs = { nothing: null, text: "", map: {}, list: [], missing: undefined, holes: [1, undefined, null] };
      const x = new R(
        "x",
        v === "1" ? inputs : { ...inputs, nothing: "value", inner: { missing: undefined, nothing: null } },
      );
      return { ...inputs, of: x.object };
    },
    runs: [up("1"), up("1"), up("2"), destroy("2")],
  },
  {
    name: "secrets, deep and whole",
    body(v, { R, pulumi }) {
      const x = new R("x", { secret: pulumi.secret(v), deep: { list: [1, pulumi.secret({ s: v })] } });
      const user = new R("user", { of: pulumi.interpolate`with ${pulumi.secret("s")} of ${x.object}` });
      return { secret: pulumi.secret({ v }), plain: v, object: user.object };
    },
    runs: [up("1"), preview("2"), up("2"), up("2"), destroy("2")],
  },
  {
    name: "a value that becomes secret, and open again",
    body(v, { R, pulumi }) {
      new R("x", { value: v === "2" ? pulumi.secret("a") : "a" });
    },
    runs: [up("1"), up("2"), up("3"), destroy("3")],
  },
  {
    name: "values that are not known in a preview",
    body(v, { R, pulumi }) {
      const a = new R("a", v === "1" ? {} : { size: 2 });
      const b = new R("b", { of: a.object, deep: { list: [a.version, "known"] } });
      return { sum: pulumi.interpolate`${b.object} ${a.version}`, known: "yes" };
    },
    runs: [preview("1"), up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a resource as an output and as an input",
    body(v, { R, G }) {
      const x = new R("x", { size: v });
      const g = new G("g");
      new R("holds", { resource: x, component: g });
      return { x, g };
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "outputs of the stack that change, and nothing else",
    body(v) {
      return v === "1" ? { a: 1, b: { c: [1] } } : { a: 2, d: "new" };
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "outputs that the provider changes by an update",
    body(v, { R }) {
      const x = new R("x", { size: v });
      new R("user", { version: x.version });
      return { version: x.version };
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "keys with dots, brackets, quotes and unicode",
    body(v, { R }) {
      new R("x", { "a.b": v, "c[0]": { 'd"e': v }, grüße: v, "": v, __proto: v }, { ignoreChanges: ['["a.b"]'] });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "long values",
    body(v, { R }) {
      new R("x", { text: "long ".repeat(20_000), v });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
];
