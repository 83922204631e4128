import { describe, expect, it } from "vitest";
import { trustNodes } from "../../../stacks/trust/trust-nodes.ts";
import { settingsProblems, testSettings } from "../../support/test-settings.ts";

const now = new Date("2026-11-21T12:00:00Z");

const settings = (trust: unknown, more: Record<string, string> = {}) =>
  testSettings({ hosts: ["registry.test"], trust, ...more }, { now });
const nodes = (trust: unknown) => trustNodes(settings(trust).trust);
const problems = (trust: unknown, more: Record<string, string> = {}) => settingsProblems(() => settings(trust, more));

const local = { name: undefined, connection: { type: "local" }, clients: ["docker"], rootless: false };

describe("the nodes of the setting trust", () => {
  it("are this machine by default, and with options but no list of nodes", () => {
    expect(nodes({})).toEqual([local]);
    expect(nodes({ certsDirectory: "/srv/certs.d" })).toEqual([{ ...local, certsDirectory: "/srv/certs.d" }]);
  });

  it("may be an address, local, or more: what a node says itself goes before what holds for all", () => {
    const trust = {
      nodes: {
        here: "local",
        a: "ssh://a.test",
        b: { address: "ssh://moby@[2001:db8::1]:2222", sudo: false, clients: "detect", rootless: true },
      },
      ssh: { privateKeyFile: "~/.ssh/key", sudo: true, sudoPassword: "s3cret", jump: "ssh://jump.test:2200" },
      clients: ["docker", "podman"],
    };
    const login = {
      privateKeyFile: "~/.ssh/key",
      sudoPassword: "s3cret",
      jump: { user: "root", host: "jump.test", port: 2200 },
    };
    const common = { clients: ["docker", "podman"], rootless: false };
    expect(nodes(trust)).toEqual([
      { ...common, name: "here", connection: { type: "local" } },
      {
        ...common,
        name: "a",
        connection: { type: "ssh", host: "a.test", port: 22 },
        login: { ...login, user: "root", sudo: true },
      },
      {
        name: "b",
        clients: "detect",
        rootless: true,
        connection: { type: "ssh", host: "2001:db8::1", port: 2222 },
        login: { ...login, user: "moby", sudo: false },
      },
    ]);
  });

  it("are refused with every problem at once, and without a secret", () => {
    const trust = {
      nodes: { a: "a.test:22", b: { address: "ssh://b.test", sudoPasword: "s3cret" }, "c d": "local" },
      ssh: { timeout: 0, passphrase: 7 },
      insecureRegistries: ["http://r.test"],
      mirrors: { "docker.io": ["https://m.test/path"] },
    };
    const found = problems(trust);
    expect(found.map((text) => text.split(" ")[0]).toSorted()).toEqual([
      "trust.insecureRegistries[0]",
      "trust.mirrors.docker.io[0]",
      "trust.nodes.a",
      "trust.nodes.b.sudoPasword",
      "trust.nodes.c",
      "trust.ssh.passphrase",
      "trust.ssh.timeout",
    ]);
    expect(found.join()).toContain('Did you mean "sudoPassword"?');
    expect(found.join()).not.toContain("s3cret");
  });

  it("must not be one node under two names", () => {
    expect(problems({ nodes: { a: "ssh://n.test", b: "ssh://moby@n.test:22" } })).toEqual([
      "trust.nodes.b is n.test:22, which is node a already. Leave one out.",
    ]);
    expect(problems({ nodes: { a: "ssh://n.test", b: "ssh://n.test:2222" } })).toEqual([]);
  });

  it("are not a swarm's without TLS: there would be no certificate to hand out", () => {
    const plain = { tls: "none", users: "none", insecure: "i-understand" };
    expect(problems("swarm", plain)).toEqual([
      expect.stringMatching(/^trust is swarm, but tls is none: .* Name nodes under trust/),
    ]);
    expect(problems("none", plain)).toEqual([]);
  });

  it("can't have insecure registries where no node has Docker, whose setting that is", () => {
    const insecureRegistries = ["10.0.0.0/8"];
    const nodes = { a: { address: "ssh://a.test", clients: ["podman"] }, b: "ssh://b.test" };
    expect(problems({ insecureRegistries, clients: ["podman", "containerd"] })).toEqual([
      expect.stringMatching(
        /^trust\.insecureRegistries has no effect: it is for Docker daemons, and no node has docker/,
      ),
    ]);
    expect(problems({ insecureRegistries, nodes })).toEqual([]);
    expect(problems({ insecureRegistries, clients: "detect" })).toEqual([]);
  });

  it("can't have mirrors that none of their clients takes", () => {
    const mirrors = { "quay.io": ["https://m.test"] };
    expect(problems({ mirrors })).toEqual([
      expect.stringMatching(/^trust\.mirrors\.quay\.io has no effect: Docker uses mirrors of docker\.io only/),
    ]);
    expect(problems({ mirrors, clients: ["docker", "containerd"] })).toEqual([]);
  });
});
