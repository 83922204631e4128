import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { caFile, isRegistryHost } from "../../components/trust/certs-directory.ts";
import { registryName } from "../../components/trust/registry-name.ts";

describe("the folder of a registry below certs.d", () => {
  it.each([
    ["registry.example.com", 5000, "registry.example.com:5000"],
    ["registry.example.com", 443, "registry.example.com"],
    ["registry", 443, "registry:443"],
    ["localhost", 443, "localhost"],
    ["registry.example.com", 80, "registry.example.com:80"],
    ["Registry.Example.com", 5000, "Registry.Example.com:5000"],
    ["127.0.0.1", 5000, "127.0.0.1:5000"],
    ["::1", 5000, "[::1]:5000"],
    ["2001:db8::1", 443, "[2001:db8::1]"],
  ])("of %s and port %i is %s", (host, port, folder) => {
    expect(registryName(host, port)).toBe(folder);
  });

  it("stays directly below certs.d for every host that is accepted", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.domain(), fc.ipV4(), fc.ipV6(), fc.constantFrom("..", ".", "a/../..", "")),
        fc.integer({ min: 1, max: 65535 }),
        (host, port) => {
          fc.pre(isRegistryHost(host));
          expect(caFile("/certs.d", host, port)).toMatch(/^\/certs\.d\/[^/]*[^/.][^/]*\/ca\.crt$/);
        },
      ),
    );
  });

  it("has a name of its own for each host and port", () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    const port = fc.integer({ min: 1, max: 65535 });
    fc.assert(
      fc.property(host, port, host, port, (hostA, portA, hostB, portB) => {
        fc.pre(hostA !== hostB || portA !== portB);
        expect(registryName(hostA, portA)).not.toBe(registryName(hostB, portB));
      }),
    );
  });
});

describe("a host", () => {
  it.each([
    "registry",
    "localhost",
    "registry.example.com",
    "10.0.0.1",
    "::1",
    "xn--bcher-kva.example",
    "1and1.example",
  ])("may be %s", (host) => expect(isRegistryHost(host)).toBe(true));

  it.each([
    "",
    "https://registry.example.com",
    "registry.example.com:5000",
    "registry.example.com/path",
    "[::1]",
    "fe80::1%eth0",
    "-registry",
    "registry..example",
    "regis_try",
    "bücher.example",
    "..",
    "registry.example.com.",
  ])('can\'t be "%s"', (host) => expect(isRegistryHost(host)).toBe(false));
});
