import { once } from "node:events";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { startNetwork } from "../../support/start-network.ts";
import { startRegistry } from "../../support/start-registry.ts";
import { makeTestAuthority } from "../../support/test-certificates.ts";
import { named, prove, type Scenario, type ScenarioOptions, startScenario, users } from "./registry-scenario.ts";
import { startOldTlsProxy } from "./tls-proxy.ts";

const certificateCheck = "certificate for 127.0.0.1";

/** What sends a password, and what needs a push. */
const needingPassword = [
  "GET /v2/ with a wrong password",
  "GET /v2/ with the right password",
  'no self-made user "docker"',
  "docker login",
  "push",
  "removal of the local copy",
  "pull",
  "same digest",
  "catalog",
];

const needingPush = needingPassword.slice(3);

describeWithDocker("proof of a registry with one defect", () => {
  let network: Awaited<ReturnType<typeof startNetwork>>;
  const start = (options: ScenarioOptions = {}) => startScenario({ network: network.name, ...options });
  beforeAll(async () => {
    network = await startNetwork();
  });
  afterAll(() => network?.[Symbol.asyncDispose]());

  it("another authority's certificate: no password is sent, everything else is still looked at", async () => {
    await using scenario = await start();
    const { certificate } = await makeTestAuthority();
    const tls = { authorityCertificatePem: certificate, certificateNotAfter: notAfter(scenario) };
    const results = await prove({ ...scenario.target, hosts: ["127.0.0.1"], tls });
    expect(named(results, "FAILED")).toEqual([certificateCheck]);
    expect(results[certificateCheck]).toMatch(
      /not signed by the stack's certificate authority \([A-Z_]+\); does the reg/,
    );
    expect(named(results, "skipped")).toEqual([...needingPassword, "clean-up"]);
    expect(results["docker login"]).toBe('skipped: needs "GET /v2/ with the right password", which is not proven');
    expect(results["GET /v2/ without a password"]).toMatch(/^ok: 401/);
  });

  it("a host that the certificate does not cover: that host's check fails, and the pull leaves it out", async () => {
    await using scenario = await start({ certificateHosts: ["127.0.0.1"] });
    const results = await prove(scenario.target);
    expect(named(results, "FAILED")).toEqual(["certificate for localhost"]);
    expect(results["certificate for localhost"]).toContain("does not cover localhost: ");
    expect(results["certificate for localhost"]).toContain("add it to hosts, or renew the certificate");
    expect(results.pull).toBe(`ok: through 127.0.0.1:${scenario.registry.port} (not tried: localhost)`);
  });

  it("an expired certificate", async () => {
    await using scenario = await start({ certificateDays: -1 });
    const results = await prove(scenario.target);
    expect(named(results, "FAILED")).toEqual([certificateCheck, "certificate for localhost", "certificate expiry"]);
    expect(results[certificateCheck]).toBe(
      "FAILED: has expired, or a certificate of its chain has; renew it and restart the registry",
    );
    expect(results["certificate expiry"]).toBe(
      `FAILED: expired at ${new Date(notAfter(scenario)).toISOString()}; renew it and restart the registry`,
    );
    expect(results["TLS 1.1 refused"]).toMatch(/^ok: /);
  });

  it("a certificate that is not the deployed one", async () => {
    await using scenario = await start();
    const certificateNotAfter = "2031-01-01T00:00:00Z";
    const tls = { authorityCertificatePem: scenario.authority.certificate, certificateNotAfter };
    const results = await prove({ ...scenario.target, tls });
    expect(named(results, "FAILED")).toEqual(["certificate expiry"]);
    expect(results["certificate expiry"]).toContain(
      "the deployed one at 2031-01-01T00:00:00.000Z: the registry serves another certificate; restart it",
    );
  });

  it("TLS 1.0 and 1.1 accepted by what ends TLS", async () => {
    await using scenario = await start();
    await using proxy = await startOldTlsProxy(scenario.server, scenario.registry.port);
    const results = await prove({ ...scenario.target, port: proxy.port });
    expect(named(results, "FAILED")).toEqual(["TLS 1.1 refused"]);
    expect(results["TLS 1.1 refused"]).toContain("TLSv1.1 was accepted; set the minimum to TLS 1.2");
    expect(named(results, "skipped")).toEqual([]);
  });

  it("authentication off", async () => {
    await using scenario = await start();
    await using open = await startRegistry({ tls: scenario.server, network: network.name });
    const results = await prove({ ...scenario.target, port: open.port, container: { id: open.id, docker: {} } });
    expect(named(results, "FAILED")).toEqual(["GET /v2/ without a password", "GET /v2/ with a wrong password"]);
    expect(results["GET /v2/ without a password"]).toContain(
      "200, expected 401: anyone who reaches the registry may pull",
    );
    expect(results["GET /v2/ with a wrong password"]).toBe(
      "FAILED: 200 for moby, expected 401; does it read another config.yml than the stack's?",
    );
  });

  it("authentication off, and all users known by their hashes only", async () => {
    await using scenario = await start();
    await using open = await startRegistry({ tls: scenario.server, network: network.name });
    const target = { ...scenario.target, port: open.port, container: { id: open.id, docker: {} } };
    const results = await prove({ ...target, users: [], userNames: ["moby"] });
    expect(named(results, "FAILED")).toEqual(["GET /v2/ without a password", "GET /v2/ with a wrong password"]);
  });

  it("a cache that takes pushes", async () => {
    await using scenario = await start();
    await using open = await startRegistry({ tls: scenario.server, network: network.name });
    const upstream = { url: "https://example.invalid", probe: undefined };
    const target = { ...scenario.target, port: open.port, container: { id: open.id, docker: {} } };
    const results = await prove({ ...target, users: [], userNames: [], upstream });
    expect(named(results, "FAILED")).toEqual(["push refused"]);
    expect(results["push refused"]).toContain("202, expected 405");
  });

  it("a password that the registry does not know: names the user, not the password", async () => {
    await using scenario = await start();
    const wrong = { name: "gordon", password: "not-gordons-password" };
    const right = { name: "moby", password: users.moby };
    const results = await prove({ ...scenario.target, users: [right, wrong] });
    expect(named(results, "FAILED")).toEqual(["GET /v2/ with the right password"]);
    expect(results["GET /v2/ with the right password"]).toContain("401 for gordon, expected 200");
    expect(named(results, "skipped")).toEqual([...needingPush, "clean-up"]);
    expect(JSON.stringify(results)).not.toContain(wrong.password);
  });

  it("no htpasswd file: the user that the registry made is found in the log, and its password tried", async () => {
    await using scenario = await start({ withoutHtpasswd: true });
    const results = await prove(scenario.target);
    expect(named(results, "FAILED")).toEqual(["GET /v2/ with the right password", 'no self-made user "docker"']);
    expect(results['no self-made user "docker"']).toContain(
      'made a user "docker" and logged its password, which works (200)',
    );
  });

  it("a self-made user whose file was replaced since is no defect any more", async () => {
    await using scenario = await start({ withoutHtpasswd: true });
    const container = new Docker().getContainer(scenario.registry.id);
    const exec = await container.exec({
      Cmd: ["/bin/sh", "-c", 'printf "%s\\n" "$0" > /etc/distribution/htpasswd', scenario.registry.htpasswd.join("\n")],
      AttachStdout: true,
    });
    await once((await exec.start({})).resume(), "end");
    const results = await prove(scenario.target);
    expect(named(results, "FAILED")).toEqual([]);
    expect(results['no self-made user "docker"']).toContain("its password is refused now (401)");
  });

  it("secrets in the environment: names the variables, never a value", async () => {
    const basic = Buffer.from(`moby:${users.moby}`).toString("base64");
    const environment = ["SAFE=yes", `LOGIN=${basic}`, `PASSWORD=${users.gordon}`];
    await using scenario = await start({ environment });
    const results = await prove(scenario.target);
    expect(named(results, "FAILED")).toEqual(["no secret in docker inspect"]);
    expect(results["no secret in docker inspect"]).toBe(
      "FAILED: a secret is readable at Config.Env[1] (LOGIN), Config.Env[2] (PASSWORD); " +
        "pass it in a file (upload or Docker secret)",
    );
    for (const secret of [basic, ...Object.values(users)]) expect(JSON.stringify(results)).not.toContain(secret);
  });

  it("deletion switched off: nothing stays either, as the storage is cleared in its container", async () => {
    await using scenario = await start({ deletion: false });
    const results = await prove(scenario.target);
    expect(named(results, "FAILED")).toEqual([]);
    expect(results["clean-up"]).toBe("ok: no local image left; nothing left in the registry");
  });

  it("deletion switched off, and no way to the storage: pushes and pulls, and says what stays; it is one image", async () => {
    await using scenario = await start({ deletion: false });
    const { container: _, ...target } = scenario.target;
    const seen = new Set<string | undefined>();
    for (let proof = 0; proof < 2; proof++) {
      const results = await prove(target);
      expect(named(results, "FAILED")).toEqual([]);
      expect(results.push).toMatch(/^ok: /);
      expect(results["same digest"]).toMatch(/^ok: /);
      expect(results["clean-up"]).toMatch(
        /skipped: .*registry-kit-proof:from-\w{16} \(some 100 bytes\) stays in it, as no container .*"garbage-collect --delete-untagged" removes/,
      );
      seen.add(results["clean-up"]);
    }
    expect(seen.size).toBe(1);
  });

  it("TLS at the registry where plain HTTP was expected", async () => {
    await using scenario = await start();
    const results = await prove({ ...scenario.target, tls: undefined });
    expect(named(results, "FAILED")).toEqual(["registry answers"]);
    expect(results["registry answers"]).toContain("speaks TLS, and the stack expects plain HTTP");
  });

  it("a Docker daemon that does not trust the authority: says how it would", async () => {
    // Not a loopback address: those Docker trusts blindly. The first container of a network gets its second address.
    await using own = await startNetwork();
    const address = own.subnet.replace(/\.0\/\d+$/, ".2");
    await using scenario = await start({ network: own.name, certificateHosts: [address, "127.0.0.1"] });
    expect(scenario.registry.address).toBe(address);
    const results = await prove({ ...scenario.target, hosts: [address], port: 5000 });
    expect(named(results, "FAILED")).toEqual(["docker login", "push"]);
    for (const check of ["docker login", "push"]) {
      expect(results[check]).toContain("this Docker daemon does not trust the stack's certificate authority");
      expect(results[check]).toContain(
        `trust: local (as root), or copy the CA certificate to /etc/docker/certs.d/${address}:5000/ca.crt`,
      );
    }
    expect(results["clean-up"]).toBe("ok: no local image left; nothing left in the registry");
  });

  it("no Docker daemon: says so, and has nothing to clean up", async () => {
    await using scenario = await start();
    const results = await prove({ ...scenario.target, docker: { url: "unix:///nonexistent/docker.sock" } });
    expect(results.push).toContain("no Docker daemon answers there; start it, or name another with DOCKER_HOST");
    expect(results["clean-up"]).toBe("skipped: nothing was made");
  });

  it("a container that has stopped: gives up at once and shows its last words", async () => {
    await using scenario = await start();
    await new Docker().getContainer(scenario.registry.id).kill();
    const began = performance.now();
    const results = await prove(scenario.target, { patience: 60_000 });
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(results["registry answers"]).toMatch(
      /ECONNREFUSED.*its container is exited \(code 137\), and its log says: .*\w/,
    );
    expect(results["no secret in docker inspect"]).toMatch(/^ok: /);
  });
});

function notAfter({ target }: Scenario): string {
  return target.tls?.certificateNotAfter ?? "";
}

/** Runs a server on a free port of 127.0.0.1 as long as `use` takes. */
