import { expect, it } from "vitest";
import { hostsSchema, subjectAlternativeName } from "../../components/certificates/subject-alternative-names.ts";

it.each([
  ["Registry.Example.com", "dns", "registry.example.com"],
  ["localhost", "dns", "localhost"],
  ["*.example.com", "dns", "*.example.com"],
  ["my_registry", "dns", "my_registry"],
  ["xn--bcher-kva.example", "dns", "xn--bcher-kva.example"],
  ["3com.example", "dns", "3com.example"],
  ["192.0.2.7", "ip", "192.0.2.7"],
  ["2001:DB8:0:0::1", "ip", "2001:db8::1"],
  ["::", "ip", "::"],
  ["::ffff:192.0.2.7", "ip", "::ffff:c000:207"],
])("takes %s as %s %s", (host, kind, value) => {
  expect(hostsSchema.parse([host])).toEqual([value]);
  expect(subjectAlternativeName(host)).toEqual({ kind, value });
});

it("keeps each host once, in the order given", () => {
  expect(hostsSchema.parse(["b.test", "A.test", "B.TEST", "::1", "0::1"])).toEqual(["b.test", "a.test", "::1"]);
});

it.each([
  ["", "is empty: give a DNS name or an IP address"],
  [" a.test", '" a.test" has spaces at its ends'],
  ["https://a.test/v2/", '"https://a.test/v2/" has a scheme: give the host alone: "a.test"'],
  ["https://[::1]:5000", '"https://[::1]:5000" has a scheme: give the host alone: "::1"'],
  ["a.test/library", '"a.test/library" has a path or a user: give the host alone: "a.test"'],
  ["moby@a.test", '"moby@a.test" has a path or a user: give the host alone: "a.test"'],
  ["a.test:5000", '"a.test:5000" has a port: give the host alone: "a.test"'],
  ["127.0.0.1:5000", '"127.0.0.1:5000" has a port: give the host alone: "127.0.0.1"'],
  ["[::1]:5000", '"[::1]:5000" has a port: give the host alone: "::1"'],
  ["[::1]", '"[::1]" has brackets: write an IPv6 address without them'],
  ["fe80::1%eth0", '"fe80::1%eth0" has a zone: certificates carry none'],
  ["1:2:3", '"1:2:3" is not an IPv6 address'],
  ["300.1.1.1", '"300.1.1.1" is not an IPv4 address'],
  ["192.0.2.07", '"192.0.2.07" is not an IPv4 address'],
  ["bücher.example", '"bücher.example" has letters beyond ASCII: write "xn--bcher-kva.example"'],
  ["*.bücher.example", '"*.bücher.example" has letters beyond ASCII: write "*.xn--bcher-kva.example"'],
  ["a.test.", '"a.test." ends with a dot: leave it out'],
  ["*", '"*": a "*" stands alone, as the first label: *.example.com'],
  ["a.*.test", '"a.*.test": a "*" stands alone, as the first label: *.example.com'],
  ["*.local", '"*.local": a wildcard needs two labels after it (OpenSSL matches no wider one)'],
  ["a..test", '"a..test": the label "" must be 1 to 63 letters, digits, "-" or "_", without "-" at its ends'],
  ["-a.test", '"-a.test": the label "-a" must be 1 to 63 letters, digits, "-" or "_", without "-" at its ends'],
  ["a b.test", '"a b.test": the label "a b" must be 1 to 63 letters, digits, "-" or "_", without "-" at its ends'],
])("refuses %j and says why", (host, reason) => {
  const issues = hostsSchema.safeParse(["fine.test", host]).error?.issues ?? [];
  expect(issues.map(({ path, message }) => ({ path, message }))).toEqual([{ path: [1], message: reason }]);
});

it("refuses labels and names that are too long", () => {
  const reason = (host: string) => hostsSchema.safeParse([host]).error?.issues[0]?.message;
  expect(reason(`${"a".repeat(63)}.test`)).toBeUndefined();
  expect(reason(`${"a".repeat(64)}.test`)).toContain("1 to 63 letters");
  expect(reason(`${"a.".repeat(126)}b`)).toBeUndefined();
  expect(reason(`${"a.".repeat(126)}bc`)).toContain("longer than 253 characters");
});

it("refuses an empty list and what is no list", () => {
  const reason = (hosts: unknown) => hostsSchema.safeParse(hosts).error?.issues.map((issue) => issue.message);
  expect(reason([])).toEqual(["must name at least one host: a DNS name or an IP address, as clients will type it"]);
  expect(reason("a.test")).toEqual(["must be a list of DNS names and IP addresses"]);
  expect(reason([7])).toEqual(["must be a DNS name or an IP address"]);
});
