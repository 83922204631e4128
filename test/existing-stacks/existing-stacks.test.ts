import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineName } from "../../scripts/engines/engine-name.ts";
import { findProgram } from "../../scripts/machine/find-program.ts";
import { copyProjectFiles } from "../support/copy-project-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { addStack, type ExistingStack, previewOf } from "./existing-stack.ts";

const hasCli = Boolean(findProgram("pulumi") && findProgram("pulumi-resource-docker"));

describe("a stack of the release before, previewed without a Docker host", { timeout: 180_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await copyProjectFiles(folder.path);
  });
  afterAll(() => folder?.[Symbol.asyncDispose]());

  const unchanged = async (stack: ExistingStack, engine: EngineName) => {
    const name = addStack(folder.path, stack);
    const { exitCode, all } = await previewOf(folder.path, name, engine, ["--expect-no-changes"]);
    expect(exitCode, all).toBe(0);
    return all;
  };
  const kept = "An earlier release made this stack, and it keeps what it has: ";
  const rsa = "tls.keyType to ecdsa (a new server certificate and a restart; no node has to trust anything new)";

  it.each([
    { name: "container", by: "own" },
    { name: "container", by: "cli" },
  ] as const)("$name, made by $by: changes nothing, and says once what it keeps", async (stack) => {
    const all = await unchanged(stack, "builtin");
    expect(all.split(kept)).toHaveLength(2);
    expect(all).toContain(`${kept}root as its user, Docker's default bridge as its network and an RSA key.`);
    expect(all).toContain(
      'set container.user to "10001:10001" (once the images belong to it: the container is replaced), ' +
        `container.network to own (the container is replaced) and ${rsa}.`,
    );
  });

  it("caches beside a folder of the host: changes their config.yml in place, and warns of root on the folder", async () => {
    const name = addStack(folder.path, { name: "caches", by: "own" });
    const { exitCode, all } = await previewOf(folder.path, name, "builtin");
    expect(exitCode, all).toBe(0);
    // They forget the descriptors of layers that expired: CHANGELOG.md.
    expect(all).toMatch(/^Resources:\n +~ +2 to update\n +28 unchanged$/m);
    expect(all).toMatch(/VolumeFiles cache-docker-hub-configuration update/);
    expect(all).toMatch(/VolumeFiles cache-quay-configuration update/);
    expect(all.split(kept)).toHaveLength(2);
    expect(all).toContain("container.root is not set, and the registry runs as root on the folder /srv/harden-caches");
  });

  it("on a folder of the host's system: is warned of it once, and not refused", async () => {
    const settings = addStack(folder.path, { name: "caches", by: "own" });
    const file = join(folder.path, "stacks", `Pulumi.${settings}.yaml`);
    const moved = readFileSync(file, "utf8").replaceAll("/srv/harden-caches", "/etc/harden-caches");
    writeFileSync(file, moved);
    const { exitCode, all } = await previewOf(folder.path, settings, "builtin");
    expect(exitCode, all).toBe(0);
    expect(all.split("storage.bindMount.path is /etc/harden-caches, inside of /etc")).toHaveLength(2);
  });

  it("with a user and the size of its keys of its own: changes nothing, and says what is left", async () => {
    const all = await unchanged({ name: "s3", by: "own" }, "builtin");
    expect(all).toContain(`${kept}Docker's default bridge as its network.`);
  });

  it.each([
    { name: "swarm", by: "own" },
    { name: "swarm", by: "cli" },
  ] as const)(
    "$name, made by $by: leaves out a mode that the CLI calls drift, and says what a service keeps",
    async (stack) => {
      const { exitCode, all } = await previewOf(folder.path, addStack(folder.path, stack), "builtin");
      expect(exitCode, all).toBe(0);
      // A rolling update, once: CHANGELOG.md.
      expect(all).toMatch(/^Resources:\n +~ +2 to update\n +16 unchanged$/m);
      // Pulumi's Docker plugin, where it is on PATH, shows the list as a whole.
      expect(all).toMatch(
        /- taskSpec\.containerSpec\.mounts\[0\]\.tmpfsOptions\.mode: 1023|~ taskSpec\.containerSpec\.mounts: .*"mode":1023/,
      );
      expect(all).toContain(`${kept}root as its user and an RSA key.`);
    },
  );

  it("says nothing where the settings ask for what it has, which changes nothing either", async () => {
    const asked = { name: "container", by: "own" } as const;
    const lines = [
      "  registry-kit:container: { user: '0:0', network: bridge }",
      "  registry-kit:tls: { keyType: rsa }",
    ];
    const name = addStack(folder.path, asked, lines);
    const { exitCode, all } = await previewOf(folder.path, name, "builtin", ["--expect-no-changes"]);
    expect(exitCode, all).toBe(0);
    expect(all).not.toContain("earlier release");
  });

  it("moves where the settings say so, and the authority stays what the nodes trust", async () => {
    const lines = ["  registry-kit:container: { network: own }", "  registry-kit:tls: { keyType: ecdsa }"];
    const name = addStack(folder.path, { name: "container", by: "own" }, lines);
    const { exitCode, all } = await previewOf(folder.path, name, "builtin");
    expect(exitCode, all).toBe(0);
    expect(all).toMatch(/Network registry-network create/);
    expect(all).toMatch(/ServerCertificate registry-certificate update/);
    expect(all).toMatch(/docker:index\/container:Container registry replace/);
    expect(all).not.toMatch(/CertificateAuthority|NodeTrust/);
  });

  it.skipIf(!hasCli).each([
    { name: "container", by: "cli" },
    { name: "container", by: "own" },
  ] as const)(
    `$name, made by $by: changes nothing for the Pulumi CLI, either${hasCli ? "" : " (skipped: pulumi is not on PATH)"}`,
    async (stack) => {
      expect(await unchanged(stack, "pulumi")).toContain(kept);
    },
  );
});
