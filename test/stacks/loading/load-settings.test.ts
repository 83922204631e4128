import { describe, expect, it } from "vitest";
import { loadSettings } from "../../../stacks/loading/load-settings.ts";
import { settingsProblems, testSettings } from "../../support/test-settings.ts";

const now = new Date("2026-11-21T12:00:00Z");
const enough = { hosts: '["127.0.0.1","localhost"]' };

const load = (values: Record<string, string>) => testSettings({ ...enough, ...values }, { now });
const problems = (values: Record<string, string>) => settingsProblems(() => load(values));

describe("loadSettings", () => {
  it("fills in every default from hosts alone", () => {
    const settings = load({});
    expect(settings).toMatchObject({
      name: "registry",
      port: 5000,
      image: { name: "registry:3.1.2" },
      users: { moby: { generated: true } },
      storage: { volume: { name: "registry-data", keep: true } },
      trust: "local",
    });
    expect(settings).not.toHaveProperty("service");
  });

  it("takes numbers as the text that an engine makes of them, and leaves text of digits as text", () => {
    expect(load({ port: "5001" }).port).toBe(5001);
    expect(load({ name: "123" }).name).toBe("123");
  });

  it("ignores the configuration of other packages", () => {
    expect(() =>
      loadSettings(
        { values: { "registry-kit:hosts": '["a"]', "aws:region": "eu-west-1" }, project: "registry-kit", stack: "x" },
        now,
      ),
    ).not.toThrow();
  });

  it("reports every problem at once", () => {
    const found = problems({
      prot: "5000",
      port: "70000",
      hosts: '["https://a"]',
      storage: '{"volume":{},"bindMount":{"path":"/x"}}',
    });
    expect(found.map((line) => line.split(" ")[0])).toEqual(["prot", "hosts[0]", "port", "storage"]);
  });

  it("says of a number out of its range what the range is", () => {
    expect(problems({ port: "70000" })).toEqual(["port is 70000; it must be at most 65535"]);
    expect(problems({ port: "0" })).toEqual(["port is 0; it must be at least 1"]);
  });

  it("says where the settings are and that nothing was changed", () => {
    expect(() => load({ port: "0" })).toThrow(
      /stack "dev" \(stacks\/Pulumi\.dev\.yaml\): 1 problem, nothing was changed/,
    );
  });

  it.each(["3.1.2-alpine3.22", "v3.1.2", "3.2.0-rc.1", "3.10.0", "3.1.2-pretty"])("takes the image %s", (version) => {
    expect(load({ image: `{"name":"registry:${version}"}` }).image.name).toBe(`registry:${version}`);
  });

  it.each([
    ["an unknown key, with the near miss", { prot: "1" }, 'prot is not a setting. Did you mean "port"?'],
    [
      "more open files than a kernel gives",
      { container: '{"nofile":99999999999}' },
      "container.nofile is 99999999999; it must be at most 1048576: the kernel's default limit of one process (fs.nr_open)",
    ],
    [
      "more processes than a kernel counts",
      { container: '{"processes":4194305}' },
      "container.processes is 4194305; it must be at most 4194304: the kernel counts no more",
    ],
    ["an unknown nested key", { container: '{"memry":3}' }, 'container.memry is not a setting. Did you mean "memory"?'],
    [
      "an unknown key of a user",
      { users: '{"moby":{"pasword":"x"}}' },
      'users.moby.pasword is not a setting. Did you mean "password"?',
    ],
    [
      "a host with a scheme",
      { hosts: '["https://r.example"]' },
      'hosts[0] "https://r.example" has a scheme: give the host alone: "r.example"',
    ],
    [
      "a host with a port",
      { hosts: '["r.example:5000"]' },
      'hosts[0] "r.example:5000" has a port: give the host alone: "r.example"',
    ],
    [
      "a host with a path",
      { hosts: '["r.example/v2"]' },
      'hosts[0] "r.example/v2" has a path or a user: give the host alone: "r.example"',
    ],
    ["an empty host", { hosts: '[""]' }, "hosts[0] is empty: give a DNS name or an IP address"],
    [
      "hosts that are no list",
      { hosts: "r.example" },
      'hosts is "r.example"; it must be a list of the names and addresses by which clients reach the registry.',
    ],
    ["no hosts", { hosts: "[]" }, "hosts is empty; name at least one host by which clients reach the registry."],
    ["an address that is none", { hosts: '["300.1.1.1"]' }, 'hosts[0] "300.1.1.1" is not an IPv4 address'],
    [
      "a floating tag",
      { image: '{"name":"registry:3"}' },
      'image.name is "registry:3"; "3" can change any day, name a full version, for example registry:3.1.2.',
    ],
    [
      "a vulnerable image",
      { image: '{"name":"registry:3.1.1"}' },
      'image.name is "registry:3.1.1"; versions before 3.1.2 have known vulnerabilities.',
    ],
    [
      "what comes before the oldest good image",
      { image: '{"name":"registry:3.1.2-rc.1"}' },
      'image.name is "registry:3.1.2-rc.1"; versions before 3.1.2 have known vulnerabilities.',
    ],
    [
      "volume and bind mount at once",
      { storage: '{"volume":{},"bindMount":{"path":"/x"}}' },
      "storage names volume and bindMount; images can live in one place only, leave one out.",
    ],
    [
      "users over plain HTTP",
      { tls: "none", insecure: "i-understand" },
      'tls is none, but there are users: passwords would cross the network in plain text. Leave out "tls: none", or set users to none.',
    ],
    [
      "an address that the hosts can't have",
      { address: "127.0.0.1", hosts: '["r.example"]' },
      "address is 127.0.0.1, which only this machine reaches; it does not serve the hosts r.example.",
    ],
    [
      "loopback addresses of both kinds",
      { hosts: '["127.0.0.1","::1"]' },
      "address is 127.0.0.1, which only this machine reaches; it does not serve the hosts ::1.",
    ],
    [
      "an IPv6 address beside a name",
      { hosts: '["r.example","2001:db8::1"]' },
      "address is 0.0.0.0, the one address that the port is published on; it does not serve the hosts 2001:db8::1.",
    ],
    [
      "loopback names at an address of the network",
      { address: "192.0.2.1", hosts: '["localhost","r.example"]' },
      "address is 192.0.2.1, the one address that the port is published on; it does not serve the hosts localhost.",
    ],
    [
      "a volume that teardown removes",
      { name: "reg", storage: '{"volume":{"name":"reg-files"}}' },
      "storage.volume.name is reg-files, the volume of the registry's configuration, which teardown removes. Choose another name.",
    ],
    [
      "a volume name that is a path",
      { storage: '{"volume":{"name":"/srv/images"}}' },
      'storage.volume.name is "/srv/images"; it must have two characters or more: a letter or digit first, then letters, digits, _ . and -',
    ],
    [
      "a folder that Docker would read as two",
      { storage: '{"bindMount":{"path":"/srv/a:b"}}' },
      'storage.bindMount.path is "/srv/a:b"; it must not hold a colon, which Docker reads as the end of the path',
    ],
    [
      "a debug server on the registry's own port",
      { registry: '{"debug":{"port":5000}}' },
      "registry.debug.port is 5000, the registry's own port inside the container. Choose another port.",
    ],
    ["no user at all", { users: "{}" }, "users must name at least one user"],
  ])("refuses %s", (_, values, expected) => {
    expect(problems(values)).toContain(expected);
  });

  it.each([
    ["an over-long password", { users: JSON.stringify({ moby: { password: `s3cret-${"x".repeat(80)}` } }) }],
    ["a password beside a hash", { users: JSON.stringify({ moby: { password: "s3cret-y", hash: "s3cret-z" } }) }],
    ["a password of the wrong type", { users: JSON.stringify({ moby: { password: ["s3cret-"] } }) }],
    ["a hash that is not bcrypt", { users: JSON.stringify({ moby: { hash: "{SHA}s3cret-" } }) }],
    [
      "a key that is not one",
      { tls: JSON.stringify({ provided: { certificate: "x", privateKey: "s3cret-", chain: "y" } }) },
    ],
  ])("never shows a secret: %s", (_, values) => {
    const found = problems(values);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join("\n")).not.toContain("s3cret-");
  });

  it("takes a registry without users and TLS only when that is said twice", () => {
    expect(problems({ tls: "none", users: "none" })[0]).toMatch(/^insecure is not set, and tls is none/);
    expect(problems({ tls: "none", users: "none", insecure: "i-understand" })).toEqual([]);
  });
});

describe("object storage", () => {
  const s3 = { bucket: "images", region: "eu-central-1" };
  const storage = (value: object) => ({ storage: JSON.stringify(value) });

  it("is one of the registry's drivers, with its defaults", () => {
    expect(load(storage({ s3 })).storage).toEqual({
      objects: expect.objectContaining({ driver: "s3", ...s3, secure: true, accelerate: false }),
      authority: undefined,
    });
    const azure = { accountName: "moby", container: "images", accountKey: "MTIz" };
    expect(load(storage({ azure })).storage).toMatchObject({ objects: { driver: "azure", ...azure } });
    const gcs = { bucket: "images", credentials: { type: "service_account" } };
    expect(load(storage({ gcs })).storage).toMatchObject({ objects: { driver: "gcs", ...gcs } });
  });

  it("reports all that is wrong with it, and no secret", () => {
    const broken = { ...s3, bucket: "My_Images.", secretKey: "hunter2", regionEndpont: "x", authority: "PEM" };
    expect(problems(storage({ s3: broken }))).toEqual([
      'storage.s3.bucket is "My_Images."; it must hold only lower-case letters, digits, dots and hyphens.',
      'storage.s3.bucket is "My_Images."; it must begin and end with a letter or digit.',
      'storage.s3.authority holds no certificate: give PEM text, "-----BEGIN CERTIFICATE-----" ...',
      'storage.s3.regionEndpont is not a setting. Did you mean "regionEndpoint"?',
    ]);
    expect(problems(storage({ s3: { ...s3, accessKey: "only" } })).join()).toContain("storage.s3 needs accessKey and");
    expect(problems(storage({ gcs: { bucket: "images", credentials: "hunter2" } })).join()).not.toContain("hunter2");
  });

  it("is in one place only", () => {
    expect(problems(storage({ s3, gcs: { bucket: "images" }, volume: {} }))).toEqual([
      "storage names volume, s3 and gcs; images can live in one place only, leave all but one out.",
    ]);
  });

  it("has parts that fit the container's memory", () => {
    const part = (chunkSize: number) =>
      problems({ ...storage({ s3: { ...s3, chunkSize } }), container: '{"memory":128}' });
    expect(part(13_000_000)).toEqual([]);
    expect(part(14_000_000).join()).toMatch(/^storage\.s3\.chunkSize is 14000000; .* at most 13421772/);
  });

  it("takes no file with a key, as the container holds none", () => {
    expect(problems(storage({ gcs: { bucket: "images", keyFile: "/key.json" } }))).toHaveLength(1);
  });
});
