import { homedir } from "node:os";
import { describe, expect, it } from "vitest";
import { backendFolder, bareStackName, stackPaths } from "../../../engine/state/backend.ts";

describe("the backend's URL", () => {
  it.each([
    ["file:///var/state", "/var/state"],
    ["file://./state", "/here/state"],
    ["file://~", homedir()],
    ["file://~/state", `${homedir()}/state`],
    ["file:///a%20b?no_tmp_dir=true", "/a b"],
  ])("%s is %s", (url, folder) => {
    expect(backendFolder(url, "/here")).toBe(folder);
  });

  it("refuses other backends and hides what may be a password in them", () => {
    expect(() => backendFolder("https://user:pw@api.example.com")).toThrow("https://****@api.example.com");
  });
});

describe("the name of a stack", () => {
  it("may say where it belongs", () => {
    expect(["dev", "organization/dev", "organization/shop/dev"].map((name) => bareStackName(name, "shop"))).toEqual([
      "dev",
      "dev",
      "dev",
    ]);
    expect(() => bareStackName("acme/dev", "shop")).toThrow("needs the Pulumi Cloud");
    expect(() => bareStackName("organization/other/dev", "shop")).toThrow('belongs to project "other"');
  });

  it.each(["..", ".", "a/b", "", "a b"])('"%s" is refused: it could lead out of the folder', (name) => {
    expect(() => stackPaths("/state", "shop", name)).toThrow("is not allowed");
  });
});
