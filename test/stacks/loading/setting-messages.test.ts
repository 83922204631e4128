import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { loadSettings } from "../../../stacks/loading/load-settings.ts";
import { lostTextProblems, withPositions } from "../../../stacks/loading/problem-positions.ts";
import { settings } from "../../../stacks/settings/settings.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { settingsProblems, testSettings } from "../../support/test-settings.ts";

const hub = { upstream: "https://registry-1.docker.io", port: 5001 };
const enough = { hosts: ["registry.test"] };
const problems = (given: Record<string, unknown>) => settingsProblems(() => testSettings({ ...enough, ...given }));

/** Every place that a setting has, with `name` where users choose the names. */
function places(schema: z.ZodType, path: (string | number)[] = []): (string | number)[][] {
  const {
    innerType,
    in: input,
    options = [],
  } = schema.def as { innerType?: z.ZodType; in?: z.ZodType; options?: z.ZodType[] };
  const inside = [innerType, input, ...options].flatMap((inner) => (inner ? places(inner, path) : []));
  if ("shape" in schema)
    for (const [key, inner] of Object.entries(schema.shape as Record<string, z.ZodType>))
      inside.push(...places(inner, [...path, key]));
  if ("valueType" in schema) inside.push(...places(schema.valueType as z.ZodType, [...path, "name"]));
  if ("element" in schema) inside.push(...places(schema.element as z.ZodType, [...path, 0]));
  return [path, ...inside];
}

function at([key, ...rest]: (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  return typeof key === "number" ? [at(rest, value)] : { [key]: at(rest, value) };
}

const all = [
  ...new Map(
    places(settings)
      .slice(1)
      .map((path) => [JSON.stringify(path), path]),
  ).values(),
];

describe("A wrong value", () => {
  it("is described in our words at every place of the settings, whatever it is", () => {
    expect(all.length).toBeGreaterThan(150);
    const wrong = ["x y:@", "", -1, 1.5, 1e12, true, null, [], [null], {}, { nothing: 1 }];
    for (const path of all) {
      for (const value of wrong) {
        const found = problems(at(path, value) as Record<string, unknown>);
        for (const line of found)
          expect
            .soft(line, JSON.stringify([path, value]))
            .not.toMatch(/Invalid|Too (big|small)|expected|received|undefined|NaN|\[object/);
      }
    }
  }, 60_000);

  it("is never shown where it is a secret, or a section with secrets in it", () => {
    for (const path of all) {
      for (const value of ["hunter2 hunter2:@", ["hunter2 hunter2"], { hunter2: 1 }]) {
        const found = problems(at(path, value) as Record<string, unknown>).filter((line) => line.includes("hunter2"));
        // What is no secret may be shown; keys always are.
        for (const line of found)
          expect
            .soft(line, JSON.stringify(path))
            .not.toMatch(
              /(password|secret|privateKey|credentials|\.hash|accountKey|servicePrincipal)\S* .*hunter2 hunter2/,
            );
      }
    }
  }, 60_000);

  it.each<[Record<string, unknown>, string]>([
    [{ port: "x" }, 'port is "x"; it must be a number'],
    [{ port: 5000.5 }, "port is 5000.5; it must be a whole number"],
    [{ port: null }, "port is empty; it must be a number"],
    [{ container: { memory: "1024" } }, 'container.memory is "1024"; it must be a number. Leave the quotes out'],
    [{ registry: { minimumTls: 1.3 } }, 'registry.minimumTls is 1.3; it must be "1.2" or "1.3". Put it in quotes'],
    [{ registry: { delete: "yes" } }, 'registry.delete is "yes"; it must be true or false, without quotes'],
    [{ container: { labels: { a: 1 } } }, "container.labels.a is 1; it must be text. Put it in quotes"],
    [
      { container: { restart: "allways" } },
      'container.restart is "allways"; it must be "no", "on-failure", "always" or "unless-stopped"',
    ],
    [{ docker: "ssh://a" }, 'docker is "ssh://a"; it must be a section with keys of its own'],
    [{ trust: 5 }, 'trust is a number; it must be "local", "none" or "swarm" or a section with keys of its own'],
    [
      { users: { moby: "hunter2" } },
      "users.moby is text; it must be one of { password }, { generated: true } and { hash }",
    ],
    [{ users: { moby: { password: 12345678 } } }, "users.moby.password is a number; it must be text. Put it in quotes"],
    [{ storage: { s3: { bucket: "images" } } }, "storage.s3.region is missing; it must be text"],
    [{ caches: { hub: { ...hub, username: "a", password: "hunter2\n" } } }, "caches.hub.password must not"],
    [{ caches: { hub: { ...hub, username: "a\r", password: "hunter2" } } }, "it must not hold control characters"],
    [{ caches: { hub: { ...hub, authority: "-----BEGIN CERTIFICATE----- MIIB" } } }, "caches.hub.authority "],
    [
      { caches: { hub: { upstream: "https://a:hunter2@b", port: 5001 } } },
      'caches.hub.upstream is "https://***@b"; it must be a scheme',
    ],
    [
      { trust: { certsDirectory: "certs" } },
      'trust.certsDirectory is "certs"; it must be an absolute path on the node',
    ],
    [{ trust: { nodes: { a: "ssh://-oProxyCommand=x" } } }, "trust.nodes.a must be ssh://user@host:port, with names"],
    [{ trust: { nodes: { a: "ssh://u@h;id" } } }, "trust.nodes.a must be ssh://user@host:port, with names"],
    [{ trust: { nodes: { a: "ssh://h:70000" } } }, "with a port up to 65535"],
    [{ trust: { ssh: { jump: "ssh://$(id)@h" } } }, "trust.ssh.jump is"],
    [{ registry: { headers: { "X Y": "a" } } }, "registry.headers.X Y is not the name of an HTTP header field"],
    [{ registry: { log: { fields: { "1": "a" } } } }, "registry.log.fields.1 is not the name of a log field"],
    [{ container: { user: "4294967296:1" } }, "it must have ids up to 2147483647"],
    [{ service: { cpus: 0.001 } }, "service.cpus is 0.001; it must be at least 0.01"],
    [{ container: { cpus: 0.001 } }, "container.cpus is 0.001; it must be at least 0.01"],
    [{ container: { logs: { maxSize: "0m" } } }, "it must be a number above 0, followed by k, m or g"],
    [{ container: { networks: ["proxy", "proxy"] } }, "container.networks names one network twice"],
    [{ tls: { authority: { commonName: "a\nb" } } }, "must not hold control characters"],
    [{ address: "fe80::1%eth0" }, "without a zone"],
    [{ registry: { maxTags: 0 } }, "registry.maxTags is 0; it must be a whole number of at least 1"],
  ])("%j: what is given and what is allowed", (given, words) => {
    expect(problems(given)).toEqual([expect.stringContaining(words)]);
  });
});

describe("A text that was meant as a variable", () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: that is what it is about.
  it.each<[Record<string, unknown>, string]>([
    [{ users: { moby: { password: "${REGISTRY_PASSWORD}" } } }, "users.moby.password"],
    [{ users: { moby: { password: "$REGISTRY_PASSWORD" } } }, "users.moby.password"],
    [{ users: { "${USER}": { generated: true } } }, "users.${USER}"],
    [
      { storage: { s3: { bucket: "images", region: "eu-central-1", accessKey: "a", secretKey: "${KEY:-x}" } } },
      "storage.s3.secretKey",
    ],
    [{ users: { moby: { password: "$(pass show registry)" } } }, "users.moby.password"],
    [{ registry: { realm: "Registry of ${TEAM}" } }, "registry.realm"],
    [{ registry: { headers: { "X-Team": ["${TEAM}"] } } }, "registry.headers.X-Team[0]"],
    [{ name: "$NAME" }, "name"],
    [{ users: { moby: { password: "${{ secrets.REGISTRY }}" } } }, "users.moby.password"],
    [{ users: { moby: { password: "{{ .Env.PASSWORD }}" } } }, "users.moby.password"],
    [{ users: { moby: { password: "$env:PASSWORD" } } }, "users.moby.password"],
    [{ users: { moby: { password: "${env.PASSWORD}" } } }, "users.moby.password"],
    [{ users: { moby: { password: "$${PASSWORD}" } } }, "users.moby.password"],
  ])("is refused: %j", (given, path) => {
    expect(problems(given)).toContainEqual(expect.stringContaining(`${path} looks like a variable`));
  });

  it.each([
    { users: { moby: { password: "pa$$word$5}{" } } },
    { users: { moby: { password: "$1$2$3" } } },
    { users: { moby: { password: "x${ab}y" } } },
    { users: { moby: { password: "${ab}${cd}" } } },
    { storage: { s3: { bucket: "images", region: "eu-central-1", accessKey: "a", secretKey: "k${ey:-x}" } } },
    { container: { labels: { "traefik.http.middlewares.a.replacepathregex.replacement": "/${rest}" } } },
  ])("is not every text with a dollar sign: %j", (given) => {
    expect(problems(given)).toEqual([]);
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: that is what it is about.
});

describe("A host", () => {
  it.each([
    ["docker_registry.example.com", 'image names cannot hold the label "docker_registry"'],
    ["_registry.example.com", 'image names cannot hold the label "_registry"'],
    ["registry_", 'image names cannot hold the label "registry_"'],
    ["0.0.0.0", "is every address of a machine"],
    ["0.1.2.3", "is every address of a machine"],
    ["0x7f000001", "is not an IPv4 address"],
    ["registry.0x7f", "is not an IPv4 address"],
    ["::", "is every address of a machine"],
    ["224.0.0.1", "is a multicast address"],
    ["ff02::1", "is a multicast address"],
    ["255.255.255.255", "is a broadcast or reserved address"],
    ["fe80::1", "is a link-local address"],
  ])("%s that no client can name or reach is refused", (host, words) => {
    expect(problems({ hosts: [host] })).toEqual([expect.stringContaining(words)]);
  });

  it.each(["registry.example.com", "REGISTRY.test", "a--b.test", "xn--rksmrgs-5wao1o.se", "10.0.0.7", "fd00::2"])(
    "%s is taken",
    (host) => {
      expect(problems({ hosts: [host], trust: "none" })).toEqual([]);
    },
  );
});

describe("storage.s3", () => {
  const s3 = { bucket: "images", region: "eu-central-1" };
  it.each([
    [{ rootDirectory: "reg+ist" }, 'storage.s3.rootDirectory is "reg+ist"; it must be letters'],
    [{ rootDirectory: "a b" }, "storage.s3.rootDirectory"],
    [{ rootDirectory: "a%20b" }, "storage.s3.rootDirectory"],
    [{ rootDirectory: "a//b" }, "storage.s3.rootDirectory"],
    [{ rootDirectory: "a/../b" }, "storage.s3.rootDirectory"],
    [{ secure: false }, "storage.s3.secure is false, but the scheme of regionEndpoint decides"],
    [{ secure: false, regionEndpoint: "https://minio.test" }, "storage.s3.secure is false"],
  ])("%j cannot work and is refused", (given, words) => {
    expect(problems({ storage: { s3: { ...s3, ...given } } })).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    { rootDirectory: "/team-a/images/" },
    { rootDirectory: "team=a/@b:c,~d!'(e)*$&;f" },
    { secure: false, regionEndpoint: "http://minio:9000" },
  ])("%j is taken", (given) => {
    expect(problems({ storage: { s3: { ...s3, ...given } } })).toEqual([]);
  });
});

describe("A key that came with a line end or a blank", () => {
  const s3 = { bucket: "images", region: "eu-central-1", accessKey: "a", secretKey: "b" };
  const redis = { addresses: ["redis:6379"] };
  it.each<[Record<string, unknown>, string]>([
    [{ storage: { s3: { ...s3, secretKey: "hunter2\n" } } }, "storage.s3.secretKey must not hold control characters"],
    [{ storage: { s3: { ...s3, accessKey: " AKIA" } } }, "storage.s3.accessKey is"],
    [{ storage: { s3: { ...s3, sessionToken: "hunter2 " } } }, "storage.s3.sessionToken must not begin or end"],
    [{ registry: { cache: "redis", redis: { ...redis, password: "hunter2\n" } } }, "registry.redis.password must not"],
    [{ storage: { azure: { accountName: "abc", container: "abc", realm: "https://x" } } }, "storage.azure.realm is"],
    [{ storage: { gcs: { bucket: "images", credentials: "/srv/key.json" } } }, "must be the fields of a service"],
    [{ storage: { gcs: { bucket: "images", credentials: "{}" } } }, 'the field "type" is missing'],
    [{ storage: { bindMount: { path: "/srv\n/images" } } }, "must not hold control characters such as line ends"],
  ])("is refused, without the key: %j", (given, words) => {
    const found = problems(given);
    expect(found).toContainEqual(expect.stringContaining(words));
    expect(found.join()).not.toContain("hunter2");
  });
});

describe("A setting of the top", () => {
  const loaded = (key: string) => () =>
    loadSettings({ values: { "registry-kit:hosts": '["a.test"]', [key]: "5000" }, ...file }, new Date());
  const file = { project: "registry-kit", stack: "x" };
  it.each([
    ["registrykit:port", 'registrykit:port is no setting of registry-kit. Did you mean "registry-kit:port"?'],
    ["Registry-Kit:port", 'Did you mean "registry-kit:port"?'],
    ["registry-kit:tls.keyType", 'tls.keyType is not a setting. Write "keyType" in the section "tls".'],
  ])("%s is refused with what is meant", (key, words) => {
    expect(settingsProblems(loaded(key))).toEqual([expect.stringContaining(words)]);
  });

  it.each(["aws:region", "docker:host", "pulumi:tags"])("%s belongs to another package", (key) => {
    expect(settingsProblems(loaded(key))).toEqual([]);
  });
});

describe("The name of the image", () => {
  it.each(["Registry:3.1.2", "a//b:3.1.2", "/b:3.1.2", "https://a/b:3.1.2", "a_/b:3.1.2", "a/../b:3.1.2", "a b:3.1.2"])(
    "%s is none to Docker",
    (name) => {
      expect(problems({ image: { name } })).toEqual([expect.stringContaining("must be a name that Docker reads")]);
    },
  );

  it.each(["a__b/c-d.e:3.1.2", "Registry/a:3.1.2", "localhost/a:3.1.2", "[::1]:5000/a:3.1.2", "a.b:5000/c/d:v3.1.2"])(
    "%s is one",
    (name) => {
      expect(problems({ image: { name } })).toEqual([]);
    },
  );
});

describe("Names that JavaScript knows", () => {
  const names = ["constructor", "toString", "hasOwnProperty", "valueOf"];
  it.each(names)("%s is no setting at any level", (name) => {
    expect(problems({ [name]: "x" })).toEqual([expect.stringContaining(`${name} is not a setting`)]);
    for (const section of ["container", "tls", "registry", "rotation", "image", "docker", "service", "storage"])
      expect(problems({ [section]: { [name]: 1 } })[0]).toContain(`${section}.${name} is not a setting`);
  });

  it.each(names)("%s may be the name of a user, a label and a header", (name) => {
    const given = {
      users: { [name]: { generated: true } },
      container: { labels: { [name]: "x" } },
      registry: { headers: { [name]: "x" } },
    };
    expect(problems(given)).toEqual([]);
    expect(Object.keys(testSettings({ ...enough, ...given }).users)).toEqual([name]);
  });

  it("__proto__ is refused wherever it stands", () => {
    const own = (text: string) => JSON.parse(text) as Record<string, unknown>;
    expect(problems(own('{"__proto__": "x"}'))).toContainEqual(
      `__proto__ is not a setting. Allowed: ${Object.keys(settings.shape).join(", ")}.`,
    );
    for (const section of ["users", "caches", "container", "registry"])
      expect(problems({ [section]: own('{"__proto__": {"generated": true}}') })).toContainEqual(
        expect.stringContaining(`${section}.__proto__ is a name that cannot be used here`),
      );
    expect(problems({ container: { labels: own('{"__proto__": "x"}') } })).toContainEqual(
      expect.stringContaining("container.labels.__proto__"),
    );
  });
});

describe("Conflicts", () => {
  const conflicts: Record<string, [Record<string, unknown>, string]> = {
    lifetime: [{ tls: { certificate: { lifetime: "3 years" } } }, "tls.certificate.lifetime"],
    window: [{ tls: { authority: { lifetime: "1 day" } } }, "tls.authority.renewBefore"],
    address: [{ address: "127.0.0.1" }, "address"],
    volume: [{ storage: { volume: { name: "registry-files" } } }, "storage.volume.name"],
    debug: [{ registry: { debug: { port: 5000 } } }, "registry.debug.port"],
    swarm: [{ swarm: { initialize: true } }, "swarm"],
  };
  const mistakes: Record<string, [Record<string, unknown>, string]> = {
    tls: [{ tls: { keyBits: 1 } }, "tls.keyBits"],
    authority: [{ tls: { authority: { commonName: "" } } }, "tls.authority.commonName"],
    key: [{ prot: 1 }, "prot"],
    image: [{ image: { name: "registry:3" } }, "image.name"],
    user: [{ users: { moby: { pasword: "x" } } }, "users.moby.pasword"],
    registry: [{ registry: { maxTags: 0 } }, "registry.maxTags"],
    rotation: [{ rotation: { authority: 0 } }, "rotation.authority"],
    cache: [{ caches: { hub: { upstream: "x", port: 5001 } } }, "caches.hub.upstream"],
  };
  const pairs = Object.entries(conflicts).flatMap(([a, one]) =>
    Object.entries(mistakes).map(([b, two]) => [a, b, one, two] as const),
  );
  it.each(pairs)("of %s and a mistake in %s appear in one round", (_a, _b, [one, conflict], [two, mistake]) => {
    const found = problems(merged(one, two)).map((line) => line.split(" ")[0]);
    expect(found).toContain(conflict);
    expect(found).toContain(mistake);
  });
});

function merged(one: Record<string, unknown>, two: Record<string, unknown>): Record<string, unknown> {
  const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
  const keys = new Set([...Object.keys(one), ...Object.keys(two)]);
  return Object.fromEntries(
    [...keys].map((key) => {
      const [a, b] = [one[key], two[key]];
      return [key, isMap(a) && isMap(b) ? merged(a, b) : (b ?? a)];
    }),
  );
}

describe("The settings file", () => {
  const place = { project: "registry-kit", stack: "x" };
  async function inFile<Result>(
    text: string,
    use: (place: { project: string; stack: string; folder: string }) => Promise<Result>,
  ): Promise<Result> {
    await using folder = await temporaryFolder();
    writeFileSync(join(folder.path, "Pulumi.x.yaml"), text);
    return await use({ ...place, folder: folder.path });
  }

  it("is named with line and column of each problem, or of the section around it", async () => {
    const text = `config:
  registry-kit:port: x
  registry-kit:users:
    anna.b:
      password: ""
  registry-kit:hosts:
    - ok.test
    - "a b"
  registry-kit:image: '{"name": "registry:3"}'
  aws:region: eu
`;
    const paths = ["port", "users.anna.b.password", "hosts[1]", "image.name", "users.anna.b.cost", "storage"];
    const found = await inFile(text, (file) =>
      withPositions(
        paths.map((path) => ({ path, reason: "is wrong" })),
        file,
      ),
    );
    expect(found.map(({ at }) => at && [at.line, at.column])).toEqual([
      [2, 3],
      [5, 7],
      [8, 7],
      [9, 3],
      [4, 5],
      undefined,
    ]);
  });

  it.each([
    [
      "registry-kit:users: { 007: { generated: true } }",
      "users.7 is written 007 without quotes, which YAML reads as the number 7",
    ],
    ["registry-kit:users:\n    1e3: { generated: true }", "users.1000 is written 1e3 without quotes"],
    [
      "registry-kit:users:\n    true: { generated: true }",
      "users.true is written true without quotes, which YAML reads as true",
    ],
    [
      "registry-kit:users:\n    null: { generated: true }",
      "users.null is written null without quotes, which YAML reads as nothing",
    ],
    [
      "registry-kit:users:\n    2026-11-30: { generated: true }",
      "users.2026-11-30 is written 2026-11-30 without quotes, which YAML reads as a date",
    ],
    ["registry-kit:container:\n    labels:\n      1.10: x", "container.labels.1.1 is written 1.10 without quotes"],
    ["registry-kit:users: { 0b101: { generated: true } }", "users.0b101 is written 0b101 without quotes"],
    ["registry-kit:users: { 1_000: { generated: true } }", "YAML reads as a number (the Pulumi CLI does)"],
    ["registry-kit:users: { .inf: { generated: true } }", "users.Infinity is written .inf without quotes"],
    ["registry-kit:users: { 2026-1-2: { generated: true } }", "YAML reads as a date"],
    ["registry-kit:users: { !a b: { generated: true } }", 'users.b begins with "!" without quotes'],
    ["registry-kit:name: 1e3", "name is written 1e3 without quotes, which YAML reads as the number 1000"],
    ["registry-kit:port: 5_000", "port is written 5_000 without quotes"],
    ["registry-kit:port: .nan", "port is written .nan without quotes"],
    ["registry-kit:name: {{ name }}", "name is written in two braces without quotes"],
    ["registry-kit:name: 007", "name is written 007 without quotes, which YAML reads as the number 7"],
    ["registry-kit:port: 010", "port is written 010 without quotes"],
  ])("loses no text without a word: %s", async (line, words) => {
    const found = await inFile(`config:\n  ${line}\n`, lostTextProblems);
    expect(found.map(({ path, reason }) => `${path} ${reason}`)).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    ["007", "a number or a date"],
    ["2026-11-30", "a number or a date"],
    ["1_000", "or as plain digits"],
    ["!hunter2", 'begins with "!"'],
    ["!hunter 2", "up to the next blank"],
    ["&hunter2 x", 'begins with "&"'],
    ["{{ hunter2 }}", "two braces"],
  ])("shows nothing of a password that loses text: %s", async (written, words) => {
    const text = `config:\n  registry-kit:users:\n    moby:\n      password: ${written}\n`;
    const found = await inFile(text, lostTextProblems);
    expect(found).toEqual([{ path: "users.moby.password", reason: expect.stringContaining(words) }]);
    expect(found[0]?.reason).not.toMatch(/hunter|007|2026|1_000/);
  });

  it.each([
    "registry-kit:port: 5000",
    "registry-kit:port: 0x1388",
    "registry-kit:name: 2026-11-30-registry",
    "registry-kit:name: &name registry",
    "registry-kit:name: !!str 007",
    "registry-kit:hosts: [1_a.test, 10.0.0.1]",
    'registry-kit:users: { "007": { generated: true } }',
    "registry-kit:hosts: [10.0.0.1]",
    "aws:x: { 007: 1 }",
    "registry-kit:users:\n    yes: { generated: true }",
    "registry-kit:ephemeral:\n    created: 2026-11-30T22:02:11.478Z",
  ])("says nothing of %s", async (line) => {
    expect(await inFile(`config:\n  ${line}\n`, lostTextProblems)).toEqual([]);
  });
});
