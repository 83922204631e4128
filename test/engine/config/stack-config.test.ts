import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readProject } from "../../../engine/config/project.ts";
import { StackConfigFile } from "../../../engine/config/stack-config.ts";
import { Passphrase } from "../../../engine/state/passphrase.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "config-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const unasked = () => Promise.reject(new Error("nobody should ask for the passphrase"));

describe("the project file", () => {
  it("is found above the folder, and its paths are made absolute", async () => {
    write(
      "Pulumi.yaml",
      "name: shop\nruntime: nodejs\nstackConfigDir: .\nplugins: {providers: [{name: x, path: ./p}]}\n",
    );
    expect(await readProject(join(folder, "does", "not", "matter"))).toMatchObject({
      name: "shop",
      folder,
      main: ".",
      configFolder: folder,
      providerFolders: { x: join(folder, "p") },
    });
  });

  it("is refused for other runtimes, and where fields are wrong", async () => {
    write("Pulumi.yaml", "name: shop\nruntime: go\n");
    await expect(readProject(folder)).rejects.toThrow('the runtime is "go"');
    write("Pulumi.yaml", "runtime: nodejs\n");
    await expect(readProject(folder)).rejects.toThrow("name:");
  });
});

describe("the configuration of a stack", () => {
  it("has the project's defaults under its own values, as strings or JSON", async () => {
    write(
      "Pulumi.yaml",
      "name: shop\nruntime: nodejs\nconfig:\n  size: {type: integer, default: 3}\n  color: red\n  other:key: {value: x}\n  needed: {type: string}\n",
    );
    write("Pulumi.dev.yaml", "config:\n  color: blue\n  shop:list: [1, {a: b}]\n  docker:host: unix:///x\n");
    const file = await StackConfigFile.read(await readProject(folder), "dev");
    expect(await file.decrypt(unasked)).toEqual({
      values: {
        "shop:size": "3",
        "shop:color": "blue",
        "other:key": "x",
        "shop:list": '[1,{"a":"b"}]',
        "docker:host": "unix:///x",
      },
      secretKeys: [],
    });
  });

  it("decrypts secrets, also inside of structures, and names their keys", async () => {
    const key = await Passphrase.create("p");
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    const [secure, inner] = [key.encrypt("top"), key.encrypt("deep")];
    write(
      "Pulumi.dev.yaml",
      `encryptionsalt: ${key.salt}\nconfig:\n  shop:a: {secure: "${secure}"}\n  shop:b: {list: [{secure: "${inner}"}]}\n  shop:c: plain\n`,
    );
    const file = await StackConfigFile.read(await readProject(folder), "dev");
    expect(await file.decrypt(() => Passphrase.open("p", file.salt ?? ""))).toEqual({
      values: { "shop:a": "top", "shop:b": '{"list":["deep"]}', "shop:c": "plain" },
      secretKeys: ["shop:a", "shop:b"],
    });
    await expect(file.decrypt(() => Passphrase.create("p"))).rejects.toThrow(
      /Pulumi.dev.yaml: shop:a: .*cannot be decrypted/,
    );
  });

  it("keeps comments, order and mode when a value is set", async () => {
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write("Pulumi.dev.yaml", "# why\nconfig:\n  # the port\n  shop:port: 5000 # default\n  shop:host: h\n");
    const file = await StackConfigFile.read(await readProject(folder), "dev");
    const { mode } = statSync(file.path);
    file.set("port", "5001");
    file.set("aws:region", "eu");
    await file.write();
    expect(readFileSync(file.path, "utf8")).toBe(
      '# why\nconfig:\n  # the port\n  shop:port: "5001" # default\n  shop:host: h\n  aws:region: eu\n',
    );
    expect(statSync(file.path).mode).toBe(mode);
  });

  it("is refused where other secrets providers are named, or it is no map", async () => {
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    const project = await readProject(folder);
    write("Pulumi.dev.yaml", "secretsprovider: awskms://alias/x\n");
    await expect(StackConfigFile.read(project, "dev")).rejects.toThrow("awskms://alias/x");
    write("Pulumi.dev.yaml", 'config:\n  shop:password: "hunter2\n  shop:port: 5\n');
    const problem = await StackConfigFile.read(project, "dev").catch((error: Error) => error.message);
    expect(problem).toMatch(/Pulumi\.dev\.yaml is not valid YAML: line \d+, column \d+: /);
    expect(problem).not.toContain("hunter2");
    write("Pulumi.dev.yaml", "- a\n");
    await expect(StackConfigFile.read(project, "dev")).rejects.toThrow("must hold a map");
  });
});
