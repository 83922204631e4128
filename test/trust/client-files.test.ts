import { describe, expect, it } from "vitest";
import { clientFiles } from "../../components/trust/client-files.ts";
import type { ClientName } from "../../components/trust/client-name.ts";

const usual = {
  hosts: ["registry.test", "::1"],
  port: 5000,
  certificatePem: "PEM\n",
  insecure: false,
  mirrors: {},
  certsDirectory: "/etc/docker/certs.d",
  rootless: false,
};

/** Path -> content. */
function files(client: ClientName, changes: object = {}): Record<string, string | undefined> {
  const { files: made } = clientFiles([client], { ...usual, ...changes }, "/home/moby");
  return Object.fromEntries(made.map(({ path, content }) => [path, content]));
}

describe("the files of", () => {
  it("docker are one ca.crt a host", () => {
    expect(files("docker")).toEqual({
      "/etc/docker/certs.d/registry.test:5000/ca.crt": "PEM\n",
      "/etc/docker/certs.d/[::1]:5000/ca.crt": "PEM\n",
    });
  });

  it("containerd are ca.crt and a hosts.toml that names it", () => {
    const made = files("containerd", { hosts: ["registry.test"] });
    expect(made).toEqual({
      "/etc/containerd/certs.d/registry.test:5000/ca.crt": "PEM\n",
      "/etc/containerd/certs.d/registry.test:5000/hosts.toml": [
        'server = "https://registry.test:5000"',
        'ca = "/etc/containerd/certs.d/registry.test:5000/ca.crt"',
        "",
        '[host."https://registry.test:5000"]',
        '  capabilities = ["pull", "resolve", "push"]',
        '  ca = "/etc/containerd/certs.d/registry.test:5000/ca.crt"',
        "",
      ].join("\n"),
    });
  });

  it("podman and CRI-O are one ca.crt a host below /etc/containers", () => {
    expect(Object.keys(files("podman"))).toEqual([
      "/etc/containers/certs.d/registry.test:5000/ca.crt",
      "/etc/containers/certs.d/[::1]:5000/ca.crt",
    ]);
  });

  it("rootless clients are in the user's ~/.config, unless another folder is named", () => {
    const folder = (client: ClientName, changes: object = {}) =>
      Object.keys(files(client, { rootless: true, ...changes }))[0]?.replace(/registry\.test.*/, "");
    expect(folder("docker")).toBe("/home/moby/.config/docker/certs.d/");
    expect(folder("docker", { certsDirectory: "/srv/certs.d" })).toBe("/srv/certs.d/");
    expect(folder("containerd")).toBe("/home/moby/.config/containerd/certs.d/");
    expect(folder("podman")).toBe("/home/moby/.config/containers/certs.d/");
  });
});

describe("a registry without TLS", () => {
  const plain = { insecure: true, certificatePem: undefined, hosts: ["registry.test"] };

  it("is none of certs.d's business for docker", () => expect(files("docker", plain)).toEqual({}));

  it("is named with its scheme for containerd", () => {
    expect(files("containerd", plain)).toEqual({
      "/etc/containerd/certs.d/registry.test:5000/hosts.toml":
        'server = "http://registry.test:5000"\n\n[host."http://registry.test:5000"]\n  capabilities = ["pull", "resolve", "push"]\n',
    });
  });

  it("is marked in a drop-in for podman", () => {
    expect(files("podman", plain)).toEqual({
      "/etc/containers/registries.conf.d/registry-kit-registry.test_5000.conf":
        '[[registry]]\nlocation = "registry.test:5000"\ninsecure = true\n',
    });
  });
});

describe("mirrors", () => {
  const mirrors = { "docker.io": ["https://registry.test:5000", "http://plain.test"] };

  it("are hosts of containerd, with the authority where they are this registry", () => {
    expect(files("containerd", { mirrors })["/etc/containerd/certs.d/docker.io/hosts.toml"]).toBe(
      [
        'server = "https://registry-1.docker.io"',
        "",
        '[host."https://registry.test:5000"]',
        '  capabilities = ["pull", "resolve"]',
        '  ca = "/etc/containerd/certs.d/registry.test:5000/ca.crt"',
        "",
        '[host."http://plain.test"]',
        '  capabilities = ["pull", "resolve"]',
        "",
      ].join("\n"),
    );
  });

  it("are trusted by containerd where they are a cache beside this registry, on another port", () => {
    const made = files("containerd", { mirrors: { "quay.io": ["https://registry.test:5001", "https://[::1]:5001"] } });
    const ca = '  ca = "/etc/containerd/certs.d/registry.test:5000/ca.crt"';
    expect(made["/etc/containerd/certs.d/quay.io/hosts.toml"]?.split("\n").filter((line) => line === ca)).toHaveLength(
      2,
    );
  });

  it("are a drop-in of podman", () => {
    expect(
      files("podman", { mirrors })["/etc/containers/registries.conf.d/registry-kit-mirrors-of-docker.io.conf"],
    ).toBe(
      [
        "[[registry]]",
        'location = "docker.io"',
        "",
        "[[registry.mirror]]",
        'location = "registry.test:5000"',
        "",
        "[[registry.mirror]]",
        'location = "plain.test"',
        "insecure = true",
        "",
      ].join("\n"),
    );
  });
});
