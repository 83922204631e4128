import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { activeContext, DockerContextError } from "../../../lib/docker/docker-context.ts";
import { sha256 } from "../../../lib/files/sha256.ts";
import { followDockerContext } from "../../../scripts/command-line/follow-docker-context.ts";
import { findProgram } from "../../../scripts/machine/find-program.ts";
import { makeTestAuthority } from "../../support/test-certificates.ts";

const reason = findProgram("docker") ? "" : " (skipped: no docker CLI on PATH)";

describe.skipIf(reason !== "")(`The active Docker context${reason}`, () => {
  let folder = "";
  const docker = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    execa("docker", args, {
      env: { DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined, DOCKER_CONFIG: folder, ...env },
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "registry-kit-context-"));
    await docker(["context", "create", "web", "--docker", "host=ssh://admin@web.test"]);
    const { certificate, key } = await makeTestAuthority();
    writeFileSync(join(folder, "ca.pem"), certificate);
    writeFileSync(join(folder, "cert.pem"), certificate);
    writeFileSync(join(folder, "key.pem"), key);
    const files = ["ca", "cert", "key"].map((name) => `${name}=${join(folder, `${name}.pem`)}`).join(",");
    await docker(["context", "create", "tls", "--docker", `host=tcp://10.0.0.1:2376,${files}`]);
    await docker(["context", "create", "lax", "--docker", `host=tcp://10.0.0.1:2376,skip-tls-verify=true,${files}`]);
    await docker(["context", "use", "web"]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each<[string, NodeJS.ProcessEnv]>([
    ["the current one", {}],
    ["that of DOCKER_CONTEXT", { DOCKER_CONTEXT: "tls" }],
    ["none with DOCKER_HOST", { DOCKER_HOST: "tcp://127.0.0.1:1" }],
    ["none with both", { DOCKER_HOST: "tcp://127.0.0.1:1", DOCKER_CONTEXT: "tls" }],
    ["the default one by name", { DOCKER_CONTEXT: "default" }],
  ])("is the one that the docker command uses: %s", async (_, env) => {
    const shown = (await docker(["context", "show"], env)).stdout;
    const found = activeContext({ DOCKER_CONFIG: folder, ...env });
    expect(found?.name ?? "default").toBe(shown);
    const inspected = await docker(["context", "inspect", shown, "--format", "{{.Endpoints.docker.Host}}"], env);
    if (found) expect(found.host).toBe(inspected.stdout);
  });

  it("leads what is started to its engine, with its certificates", () => {
    const environment: NodeJS.ProcessEnv = { DOCKER_CONFIG: folder, DOCKER_CONTEXT: "tls" };
    followDockerContext(environment);
    expect(environment).toMatchObject({ DOCKER_HOST: "tcp://10.0.0.1:2376" });
    expect(environment.DOCKER_CERT_PATH).toMatch(/contexts\/tls\/[0-9a-f]{64}\/docker$/);
    expect(environment).not.toHaveProperty("DOCKER_CONTEXT");
  });

  it.each([
    ["that does not exist", "none", 'context "none": context not found'],
    ["without verification of TLS", "lax", "skips the verification of TLS"],
  ])("%s is refused by the Docker client, and only where nothing else names the engine", (_, name, reason) => {
    const asked: NodeJS.ProcessEnv = { DOCKER_CONFIG: folder, DOCKER_CONTEXT: name };
    const current: NodeJS.ProcessEnv = { DOCKER_CONFIG: join(folder, `of-${name}`) };
    mkdirSync(join(folder, `of-${name}`), { recursive: true });
    symlinkSync(join(folder, "contexts"), join(folder, `of-${name}`, "contexts"));
    writeFileSync(join(folder, `of-${name}`, "config.json"), JSON.stringify({ currentContext: name }));

    expect(() => activeContext(asked)).toThrow(reason);
    expect(() => activeContext(asked)).toThrow("It comes from DOCKER_CONTEXT. Type: unset DOCKER_CONTEXT;");
    expect(() => activeContext(current)).toThrow(`config.json. Type: docker context use default; or name the engine`);
    for (const environment of [asked, current]) {
      const before = { ...environment };
      followDockerContext(environment);
      expect(environment).toEqual(before);
    }

    for (const [key, value] of Object.entries({ DOCKER_HOST: "", DOCKER_CONTEXT: "", ...current })) {
      vi.stubEnv(key, value);
    }
    expect(() => dockerClient({})).toThrow(DockerContextError);
    expect(() => dockerClient({ url: "unix:///var/run/docker.sock" })).not.toThrow();
    vi.stubEnv("DOCKER_HOST", "unix:///var/run/docker.sock");
    expect(() => dockerClient({})).not.toThrow();
    // Pulumi's Docker plugin 5.2 looks for a context of that name, and ends.
    vi.stubEnv("DOCKER_CONTEXT", "default");
    expect(() => dockerClient({})).toThrow("Type: unset DOCKER_CONTEXT");
    vi.unstubAllEnvs();
  });

  it.each([
    ["the key in other letters", '{"CurrentContext":"web"}', "web"],
    ["the key in capitals", '{"CURRENTCONTEXT":"web"}', "web"],
    ["the key twice", '{"currentContext":"tls","currentContext":"web"}', "web"],
    ["null", '{"currentContext":null}', "default"],
    ["an empty name", '{"currentContext":""}', "default"],
    ["an empty object", "{}", "default"],
    ["an empty file", "", "default"],
    ["null for all", "null", "default"],
  ])("is read from a config.json as the docker command reads it: %s", async (_, text, expected) => {
    const own = await mkdtemp(join(folder, "of-case-"));
    symlinkSync(join(folder, "contexts"), join(own, "contexts"));
    writeFileSync(join(own, "config.json"), text);
    expect((await docker(["context", "show"], { DOCKER_CONFIG: own })).stdout).toBe(expected);
    expect(activeContext({ DOCKER_CONFIG: own })?.name ?? "default").toBe(expected);
  });

  it("is read from a meta.json whose keys have other letters, as the docker command reads it", async () => {
    const own = await mkdtemp(join(folder, "of-meta-"));
    const meta = join(own, "contexts", "meta", sha256("odd"));
    mkdirSync(meta, { recursive: true });
    writeFileSync(
      join(meta, "meta.json"),
      '{"name":"odd","metadata":{},"endpoints":{"docker":{"host":"tcp://10.0.0.1:2376","skiptlsverify":false}}}',
    );
    const inspect = ["context", "inspect", "odd", "--format", "{{.Endpoints.docker.Host}}"];
    expect((await docker(inspect, { DOCKER_CONFIG: own })).stdout).toBe("tcp://10.0.0.1:2376");
    const odd: NodeJS.ProcessEnv = { DOCKER_CONFIG: own, DOCKER_CONTEXT: "odd" };
    expect(activeContext(odd)).toEqual({ name: "odd", host: "tcp://10.0.0.1:2376" });
  });

  it("is none where the docker command was never used", () => {
    expect(activeContext({ DOCKER_CONFIG: join(folder, "none") })).toBeUndefined();
  });
});
