import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { execInContainer } from "../../../scripts/proof/exec-in-container.ts";
import { formatSum, isProven } from "../../../scripts/proof/format-proof.ts";
import type { CheckResult } from "../../../scripts/proof/proof-target.ts";
import { proveRegistry } from "../../../scripts/proof/prove-registry.ts";
import { curl } from "../../support/curl.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { startNetwork } from "../../support/start-network.ts";
import { startRegistry } from "../../support/start-registry.ts";
import { makeFakeDocker } from "./fake-docker.ts";
import { named, prove, type Scenario, startScenario, users } from "./registry-scenario.ts";

const docker = new Docker();

/** Of repositories that are not the proof's. */
const otherManifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [],
});

describeWithDocker("proof of a registry in order", () => {
  let network: Awaited<ReturnType<typeof startNetwork>>;
  let scenario: Scenario;
  beforeAll(async () => {
    network = await startNetwork();
    scenario = await startScenario({ network: network.name });
  });
  afterAll(async () => {
    await scenario?.[Symbol.asyncDispose]();
    await network?.[Symbol.asyncDispose]();
  });

  it("passes every check, reports each as it ends, and leaves nothing", async () => {
    const reported: CheckResult[] = [];
    const results = await proveRegistry(scenario.target, (result) => reported.push(result));
    expect(results.filter(({ ok }) => ok !== true)).toEqual([]);
    expect(reported).toEqual(results);
    expect(results.map(({ name }) => name)).toEqual([
      "registry answers",
      "certificate for 127.0.0.1",
      "certificate for localhost",
      "certificate expiry",
      "TLS 1.1 refused",
      "GET /",
      "GET /v2/ without a password",
      "GET /v2/ with a wrong password",
      "GET /v2/ with the right password",
      'no self-made user "docker"',
      "no secret in docker inspect",
      "no manifest of schema 1",
      "docker login",
      "push",
      "removal of the local copy",
      "pull",
      "same digest",
      "catalog",
      "clean-up",
    ]);
    expect(await leftovers(scenario)).toEqual({ images: [], repositories: [], tags: [], stored: [] });
  });

  it("sees what a reader needs to know", async () => {
    const results = await prove(scenario.target);
    expect(results["certificate for localhost"]).toBe(
      "ok: TLSv1.3, covers IP Address:127.0.0.1, DNS:localhost, signed by CN=Test authority",
    );
    expect(results["TLS 1.1 refused"]).toContain("ALERT_PROTOCOL_VERSION");
    expect(results["GET /v2/ without a password"]).toBe('ok: 401, WWW-Authenticate: Basic realm="Test registry"');
    expect(results["GET /v2/ with the right password"]).toBe("ok: 200 for moby, gordon");
    expect(results["docker login"]).toBe(`ok: moby at 127.0.0.1:${scenario.registry.port}, and logged out again`);
    expect(results.pull).toBe(`ok: through 127.0.0.1:${scenario.registry.port}, localhost:${scenario.registry.port}`);
    expect(results.push).toContain(results["same digest"]?.slice("ok: ".length));
  });

  it("finds its repository in the catalog after more than a page of others", async () => {
    const { url } = scenario.registry;
    const options = { authority: scenario.authority.certificate, user: `moby:${users.moby}` };
    const manifest = otherManifest;
    for (let number = 0; number < 101; number++) {
      const path = `/v2/another-${number}/manifests/latest`;
      const headers = { "content-type": "application/vnd.oci.image.index.v1+json" };
      const { status } = await curl(url + path, { ...options, method: "PUT", headers, body: manifest });
      expect(status).toBe(201);
    }
    expect((await prove(scenario.target)).catalog).toMatch(/^ok: registry-kit-proof, with tag/);
  });

  it("logs in through the Docker API where there is no docker CLI, and says so", async () => {
    vi.stubEnv("PATH", "/nonexistent");
    const results = await prove(scenario.target);
    expect(results["docker login"]).toMatch(/^ok: .*through the Docker API \(no docker CLI on PATH\)$/);
    expect(named(results, "FAILED")).toEqual([]);
  });

  it("gives the docker CLI the password on standard input only, and a private folder that is gone afterwards", async () => {
    await using fake = await makeFakeDocker();
    vi.stubEnv("PATH", `${fake.folder}:${process.env.PATH}`);
    vi.stubEnv("TMPDIR", fake.temporary);
    const results = await prove(scenario.target);
    expect(results["docker login"]).toMatch(/^ok: /);
    const { calls, standardInput, modes } = await fake.recorded();
    expect(calls).not.toContain(users.moby);
    expect(calls).toContain("login --username=moby --password-stdin");
    expect(calls).toContain(`logout 127.0.0.1:${scenario.registry.port}`);
    expect(standardInput).toBe(users.moby);
    expect(modes).toBe("700 600");
    expect(await readdir(fake.temporary)).toEqual([]);
  });

  it("connects to the given address where a name does not resolve, and pushes through that address", async () => {
    const hosts = ["registry.kit.invalid", "127.0.0.1"];
    await using other = await startScenario({ network: network.name, certificateHosts: hosts });
    const results = await prove({ ...other.target, hosts: ["registry.kit.invalid"], address: "127.0.0.1" });
    expect(named(results, "FAILED")).toEqual([]);
    expect(results["certificate for registry.kit.invalid"]).toMatch(/^ok: /);
    expect(results.push).toContain(`ok: 127.0.0.1:${other.registry.port}/registry-kit-proof:`);
  });

  it("skips what does not apply, each with its reason, where there is neither TLS nor a user", async () => {
    await using registry = await startRegistry({ network: network.name });
    const results = await prove({
      hosts: ["127.0.0.1"],
      port: registry.port,
      tls: undefined,
      users: [],
      secrets: [],
      docker: {},
    });
    expect(named(results, "FAILED")).toEqual([]);
    expect(results).toMatchObject({
      "certificate for 127.0.0.1": "skipped: no TLS: the registry is meant to speak plain HTTP",
      "certificate expiry": "skipped: no TLS, no certificate",
      "TLS 1.1 refused": "skipped: no TLS",
      "GET /v2/ without a password":
        "skipped: the settings have no users; the registry answers 200: anyone who reaches it may pull and push",
      "GET /v2/ with a wrong password": "skipped: the settings have no users",
      "GET /v2/ with the right password": "skipped: no user with a known password",
      'no self-made user "docker"': "skipped: no container known whose log could be read",
      "no secret in docker inspect": "skipped: no container known that could be inspected",
      "docker login": "skipped: no user with a known password",
    });
    expect(named(results, "ok")).toEqual([
      "registry answers",
      "GET /",
      "push",
      "removal of the local copy",
      "pull",
      "same digest",
      "catalog",
      "clean-up",
    ]);
    expect(results["clean-up"]).toContain(
      "some 100 bytes of blobs go with the next garbage collection, as no container",
    );
  });

  it("pushes nothing where a password is needed and none is known", async () => {
    const results = await prove({ ...scenario.target, users: [] });
    expect(named(results, "FAILED")).toEqual([]);
    expect(results.push).toBe("skipped: the registry asks for a password and none is known");
    expect(results.pull).toBe("skipped: nothing was pushed");
    expect(results["clean-up"]).toBe("skipped: nothing was made");
  });

  it.each(["docker login", "push", "pull"])("cleans up when it is stopped after: %s", async (last) => {
    const stop = new AbortController();
    const results = await proveRegistry(scenario.target, ({ name }) => name === last && stop.abort(), {
      signal: stop.signal,
    });
    const rest = results.slice(results.findIndex(({ name }) => name === last) + 1, -1);
    expect(rest[0]).toMatchObject({ ok: false, seen: "the proof was stopped here" });
    expect(rest.slice(1).map(({ seen }) => seen)).toEqual(rest.slice(1).map(() => "the proof was stopped"));
    expect(results.at(-1)).toMatchObject({ name: "clean-up", ok: last === "docker login" ? "skipped" : true });
    expect(await leftovers(scenario)).toMatchObject({ images: [], tags: [] });
  });

  it.each([5, 50])("cleans up when it is stopped %d ms after the push began", async (delay) => {
    const stop = new AbortController();
    const results = await proveRegistry(
      scenario.target,
      ({ name }) => name === "docker login" && setTimeout(() => stop.abort(), delay),
      { signal: stop.signal },
    );
    expect(results.filter(({ ok }) => ok === false).map(({ seen }) => seen)).toEqual(["the proof was stopped here"]);
    expect(results.at(-1)).toMatchObject({ name: "clean-up", ok: true });
    expect(await leftovers(scenario)).toEqual({ images: [], repositories: [], tags: [], stored: [] });
  });

  it("names a manifest of schema 1, which a folder of registry 2 may have", async () => {
    const container = docker.getContainer(scenario.registry.id);
    const hex = "0".repeat(64);
    const plant = [
      "cd /var/lib/registry/docker/registry/v2 && r=repositories/old/app/_manifests/revisions/sha256/$1",
      "mkdir -p $r blobs/sha256/00/$1 && echo sha256:$1 > $r/link",
      'printf \'{\\n   "schemaVersion": 1,\\n   "name": "old/app"\\n}\' > blobs/sha256/00/$1/data',
    ].join("; ");
    expect((await execInContainer(container, ["sh", "-c", plant, "sh", hex])).code).toBe(0);
    const results = await prove(scenario.target);
    const afterUp = await proveRegistry(scenario.target, () => {}, { afterUp: true });
    await execInContainer(container, ["rm", "-rf", "/var/lib/registry/docker/registry/v2/repositories/old"]);
    await execInContainer(container, ["rm", "-rf", "/var/lib/registry/docker/registry/v2/blobs/sha256/00"]);
    expect(named(results, "FAILED")).toEqual(["no manifest of schema 1"]);
    expect(results["no manifest of schema 1"]).toContain(`old/app@sha256:${hex}: this registry cannot serve it`);
    // An up can change nothing of that.
    expect(afterUp.filter(({ ok }) => ok === "warning").map(({ name }) => name)).toEqual(["no manifest of schema 1"]);
    expect(isProven(afterUp)).toBe(true);
    expect(formatSum(afterUp, process.stderr)).toMatch(/ 0 failed, \d+ skipped, 1 warning/);
  });

  it("removes what a proof left that was killed long ago, and nothing that is not a proof's", async () => {
    const { registry } = scenario;
    const root = "/var/lib/registry/docker/registry/v2";
    const hex = (digit: string) => digit.repeat(64);
    const plant = (digit: string, content: string) =>
      `mkdir -p blobs/sha256/${digit}${digit}/${hex(digit)} $r/_layers/sha256/${hex(digit)}; ${content} > blobs/sha256/${digit}${digit}/${hex(digit)}/data; touch -d @1000000 $r/_layers/sha256/${hex(digit)};`;
    const lines = [
      `cd ${root} && r=repositories/registry-kit-proof;`,
      plant("a", "(echo content > /tmp/proof; cd /tmp; tar c proof | gzip)"),
      plant("b", `echo '{"comment":"Imported from -"}'`),
      plant("c", "echo 'a layer of somebody'"),
    ];
    const container = docker.getContainer(registry.id);
    expect((await execInContainer(container, ["sh", "-c", lines.join(" ")])).code).toBe(0);
    await proveRegistry(scenario.target, () => {});
    const { stored } = await leftovers(scenario);
    await execInContainer(container, [
      "rm",
      "-rf",
      `${root}/repositories/registry-kit-proof`,
      `${root}/blobs/sha256/cc`,
    ]);
    expect(stored).toEqual([`blobs/sha256/cc/${hex("c")}/data`]);
  });
});

/** What a proof left: images on the daemon, names in the registry's catalog, tags in the proof's repository. */
async function leftovers({ registry, authority }: Scenario) {
  const names = (await docker.listImages({ all: true })).flatMap(({ RepoTags, RepoDigests }) => [
    ...(RepoTags ?? []),
    ...(RepoDigests ?? []),
  ]);
  const options = { authority: authority.certificate, user: `moby:${users.moby}` };
  const catalog = await curl(`${registry.url}/v2/_catalog`, options);
  const tags = await curl(`${registry.url}/v2/registry-kit-proof/tags/list`, options);
  const other = createHash("sha256").update(otherManifest).digest("hex");
  const find =
    "cd /var/lib/registry/docker/registry/v2 && find repositories/registry-kit-proof blobs -type f 2>/dev/null";
  const { output } = await execInContainer(docker.getContainer(registry.id), ["sh", "-c", find]);
  return {
    stored: output.split("\n").filter((line) => line !== "" && !line.includes(other)),
    images: names.filter((name) => name.includes(`:${registry.port}/`)),
    repositories: (JSON.parse(catalog.body).repositories as string[]).filter((name) => !name.startsWith("another-")),
    tags: JSON.parse(tags.body).tags ?? [],
  };
}
