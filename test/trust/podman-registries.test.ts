import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { localNode } from "../../components/machines/local-node.ts";
import { podmanConflicts, tablesIn } from "../../components/trust/podman-registries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const mirrorOf = (registry: string, mirror: string) =>
  `[[registry]]\nlocation = "${registry}"\n\n[[registry.mirror]]\nlocation = "${mirror}"\n`;

async function conflicts(theirs: Record<string, string>, ours: string): Promise<string[]> {
  await using root = await temporaryFolder();
  await mkdir(join(root.path, "registries.conf.d"));
  for (const [name, text] of Object.entries(theirs)) await writeFile(join(root.path, name), text);
  const path = join(root.path, "registries.conf.d", "registry-kit-x.conf");
  const found = await podmanConflicts(localNode, [{ path, content: ours, kind: "configuration" }]);
  return found.map((reason) => reason.replaceAll(`${root.path}/`, ""));
}

describe("a drop-in for podman", () => {
  const ours = mirrorOf("docker.io", "m.test:5001");

  it.each([
    ["a block", "registries.conf", '[[registry]]\nprefix = "docker.io"\nblocked = true\n', "blocked = true"],
    ["a block by location", "registries.conf", "[[registry]]\nlocation='docker.io'\nblocked=true", "blocked = true"],
    ["mirrors", "registries.conf", mirrorOf("docker.io", "theirs.test"), "mirror theirs.test"],
    [
      "mirrors in a later file",
      "registries.conf.d/zz.conf",
      mirrorOf("docker.io", "theirs.test"),
      "mirror theirs.test",
    ],
    [
      "another location",
      "registries.conf",
      '[[registry]]\nprefix="docker.io"\nlocation="hub.corp.test"\n',
      "location = hub.corp.test",
    ],
    [
      "plain HTTP",
      "registries.conf",
      '[[registry]]\nlocation="docker.io"\ninsecure = true # ours\n',
      "insecure = true",
    ],
    ["a block of all of a domain", "registries.conf", '[[registry]]\nprefix="*.io"\nblocked=true\n', "blocked = true"],
  ])("is refused where the node's own file has %s, which it would cancel", async (_, name, text, lost) => {
    const found = await conflicts({ [name]: text }, _.includes("domain") ? mirrorOf("quay.io", "m.test") : ours);
    expect(found).toEqual([expect.stringContaining(lost)]);
    expect(found[0]).toContain(`${name} has a [[registry]] for`);
  });

  it("of a registry with a port is refused where its host is blocked", async () => {
    const insecure = '[[registry]]\nlocation = "r.test:5000"\ninsecure = true\n';
    expect(
      await conflicts({ "registries.conf": '[[registry]]\nprefix="r.test"\nblocked=true' }, insecure),
    ).toHaveLength(1);
    expect(
      await conflicts({ "registries.conf": '[[registry]]\nlocation="r.test:5000"\ninsecure=true' }, insecure),
    ).toEqual([]);
  });

  it.each([
    ["nothing of it", 'unqualified-search-registries = ["docker.io"]\n'],
    ["a table that says nothing", '[[registry]]\nlocation = "docker.io"\nblocked = false\n'],
    ["the same mirror", mirrorOf("docker.io", "m.test:5001")],
    ["a longer prefix, which stays in force", '[[registry]]\nprefix = "docker.io/library"\nblocked = true\n'],
    ["another registry", '[[registry]]\nprefix = "quay.io"\nblocked = true\n'],
    ["a comment", '# [[registry]]\n# prefix = "docker.io"\n# blocked = true\n'],
    ["a table of another kind after it", '[[registry]]\nlocation = "docker.io"\n[aliases]\nblocked = true\n'],
  ])("is taken where the node's own file has %s", async (_, text) => {
    expect(await conflicts({ "registries.conf": text }, ours)).toEqual([]);
  });

  it("reads tables as podman does", () => {
    const [first, second] = tablesIn(`${mirrorOf("a.test", "b.test")}[[registry]]\nprefix = "c.test"\n`, "f");
    expect(first).toEqual({ file: "f", prefix: "a.test", lines: ["mirror b.test"] });
    expect(second).toEqual({ file: "f", prefix: "c.test", lines: [] });
  });
});
