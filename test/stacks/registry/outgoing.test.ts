import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { registryOptions } from "../../../components/registry/configuration/registry-options.ts";
import { configurationTree } from "../../../components/registry/configuration/render-configuration.ts";
import { proxyVariables } from "../../../components/registry/proxy-variables.ts";
import { storeCredentials } from "../../../components/registry/store-credentials.ts";
import { storeVariables } from "../../../components/registry/store-traces.ts";
import { clientFiles } from "../../../components/trust/client-files.ts";
import { mirrorUrl, registryOfImages } from "../../../components/trust/node-trust-inputs.ts";
import { withAwsProfile } from "../../../stacks/storage/aws-profile.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { settingsProblems, testSettings } from "../../support/test-settings.ts";

const enough = { hosts: ["registry.test"] };
const problems = (given: Record<string, unknown>) => settingsProblems(() => testSettings({ ...enough, ...given }));

describe("An outgoing proxy", () => {
  it("reaches the registry as the variables that Go reads, and leaves out where clouds hand out credentials", () => {
    const { proxy } = testSettings({
      ...enough,
      proxy: { https: "http://proxy.corp:3128", http: "http://proxy.corp:3128", no: [".corp", "10.0.0.0/8"] },
    });
    expect(proxyVariables(proxy)).toEqual({
      HTTPS_PROXY: "http://proxy.corp:3128",
      HTTP_PROXY: "http://proxy.corp:3128",
      NO_PROXY: "169.254.169.254,169.254.170.2,fd00:ec2::254,.corp,10.0.0.0/8",
    });
    expect(proxyVariables(undefined)).toEqual({});
  });

  it.each([
    [{}, "proxy names no proxy"],
    [
      { https: "http://user:hunter2@proxy.corp:3128" },
      'proxy.https is "http://***@proxy.corp:3128"; it must be a scheme',
    ],
    [{ https: "proxy.corp:3128" }, "proxy.https is"],
    [{ https: "ftp://proxy.corp" }, "proxy.https is"],
    [{ https: "http://proxy.corp:3128/path" }, "proxy.https is"],
    [{ https: 'http://proxy"=x' }, "proxy.https is"],
    [{ https: "http://proxy.corp", no: ["a,b"] }, "proxy.no[0] is"],
    [{ https: "http://proxy.corp", no: ["10.0.0.0/33"] }, "proxy.no[0] is"],
    [{ https: "http://proxy.corp", no: ["https://a"] }, "proxy.no[0] is"],
  ])("%j is refused, without the password in it", (proxy, words) => {
    const found = problems({ proxy });
    expect(found).toEqual([expect.stringContaining(words)]);
    expect(found.join()).not.toContain("hunter2");
  });

  it.each(["*", "localhost", ".example.com", "*.example.com", "a.test:8443", "::1", "[::1]:80", "fd00::/8"])(
    "has exceptions such as %s",
    (exception) => {
      expect(problems({ proxy: { https: "socks5://proxy.corp:1080", no: [exception] } })).toEqual([]);
    },
  );
});

describe("Text that reaches files of other programs", () => {
  const hostile = [
    'https://evil"=x',
    "https://evil'x",
    "https://evil]x",
    "https://evil{x}",
    "https://evil\\x",
    "https://a b",
    "https://a\n[host]",
    "https://$(x)",
    "https://a`b",
    "https://a=b",
    "https://a%22b",
    "https://a/path",
    "https://u:p@a",
    "https://a:99999",
  ];
  it.each(hostile)("is refused as a mirror: %j", (url) => {
    expect(mirrorUrl.safeParse(url).success).toBe(false);
    const trust = { clients: ["containerd"], mirrors: { "docker.io": [url] } };
    expect(problems({ trust })).toContainEqual(expect.stringContaining("trust.mirrors.docker.io[0]"));
  });

  it.each(hostile)("is refused as an upstream, an endpoint and an address of the registry: %j", (url) => {
    expect(problems({ caches: { hub: { upstream: url, port: 5001 } } })).toContainEqual(
      expect.stringContaining("caches.hub.upstream"),
    );
    expect(problems({ registry: { externalUrl: url } })).toContainEqual(
      expect.stringContaining("registry.externalUrl"),
    );
    expect(problems({ storage: { s3: { bucket: "images", region: "x", regionEndpoint: url } } })).toContainEqual(
      expect.stringContaining("storage.s3.regionEndpoint"),
    );
  });

  it.each([
    "https://mirror.example.com",
    "http://10.0.0.7:5001",
    "https://[fd00::2]:5001",
    "https://mirror_1:5000/",
    "HTTPS://Mirror.Test",
  ])("is taken as a mirror: %s", (url) => {
    expect(mirrorUrl.safeParse(url).success).toBe(true);
  });

  it.each(["..", ".", "a..b", "-a", "a/b", 'a"b', "a b", "../../etc", ""])(
    "is refused as the registry of mirrors: %j",
    (registry) => {
      expect(registryOfImages.safeParse(registry).success).toBe(false);
    },
  );

  it("is one string of TOML for every mirror that is taken", () => {
    const trust = {
      hosts: ["registry.test"],
      port: 5000,
      certificatePem: "x",
      insecure: false,
      certsDirectory: "/etc/docker/certs.d",
      rootless: false,
    };
    const { files } = clientFiles(
      ["containerd", "podman"],
      { ...trust, mirrors: { "docker.io": ["https://mirror_1:5000/"] } },
      "/root",
    );
    const lines = files.flatMap(({ kind, content }) => (kind === "configuration" ? (content ?? "").split("\n") : []));
    for (const text of lines)
      expect(text).toMatch(
        /^(\s*\w+ = ("[^"\\]*"|true|\[("[^"\\]*"(, )?)+\])|\[host\."[^"\\]*"\]|\[\[registry(\.mirror)?\]\]|)$/,
      );
  });
});

describe("Credentials of S3 with an end", () => {
  const s3 = { bucket: "images", region: "eu-central-1", accessKey: "AKIA", secretKey: "hunter2" };

  it("arrive in a file that Amazon's SDK reads, and not in the configuration", async () => {
    const { storage } = testSettings({ ...enough, storage: { s3: { ...s3, sessionToken: "token" } } });
    if (!("objects" in storage)) throw new Error("no object storage");
    const [file] = storeCredentials(storage);
    expect(file).toMatchObject({ name: "aws-credentials", onChange: "restart" });
    const content = await new Promise((resolve) => pulumi.output(file?.content).apply(resolve));
    expect(content).toBe(
      "[default]\naws_access_key_id = AKIA\naws_secret_access_key = hunter2\naws_session_token = token\n",
    );
    expect(storeVariables(storage, "/etc/distribution")).toEqual({
      AWS_SHARED_CREDENTIALS_FILE: "/etc/distribution/aws-credentials",
    });
    const tree = configurationTree({
      options: registryOptions.parse({}),
      storage: storage.objects,
      port: 5000,
      httpSecret: "x",
    });
    expect(JSON.stringify(tree)).not.toMatch(/AKIA|hunter2|token"/);
  });

  it("are as before without a session token", () => {
    const { storage } = testSettings({ ...enough, storage: { s3 } });
    expect(storage).not.toHaveProperty("hasSessionToken");
    expect("objects" in storage && storeCredentials(storage)).toEqual([]);
  });

  it.each([
    [
      { sessionToken: "t", accessKey: undefined, secretKey: undefined },
      "storage.s3.sessionToken belongs to an access key",
    ],
    [{ profile: "prod" }, "storage.s3.profile names the keys, and accessKey is one"],
  ])("are refused: %j", (change, words) => {
    expect(problems({ storage: { s3: { ...s3, ...change } } })).toEqual([expect.stringContaining(words)]);
  });

  it("come from a profile of the operator", async () => {
    await using home = await temporaryFolder();
    mkdirSync(join(home.path, ".aws"));
    const text =
      "# keys\n[default]\naws_access_key_id=D\naws_secret_access_key=d\n\n[ci]\naws_access_key_id = C\naws_secret_access_key = c=\naws_session_token = t\n";
    writeFileSync(join(home.path, ".aws", "credentials"), text);
    writeFileSync(join(home.path, ".aws", "config"), "[profile sso]\nsso_session = x\n");
    const of = (profile: string) => {
      const settings = testSettings({
        ...enough,
        storage: { s3: { bucket: "images", region: "eu-central-1", profile } },
      });
      const { settings: made, problems } = withAwsProfile(settings, home.path);
      return { storage: made.storage, reasons: problems.map(({ path, reason }) => `${path} ${reason}`) };
    };
    expect(of("ci")).toMatchObject({
      storage: { objects: { accessKey: "C", secretKey: "c=", sessionToken: "t" }, hasSessionToken: true },
      reasons: [],
    });
    expect(of("default")).toMatchObject({
      storage: { objects: { accessKey: "D", secretKey: "d" }, hasSessionToken: false },
      reasons: [],
    });
    expect(of("nope").reasons).toEqual([
      expect.stringContaining('storage.s3.profile is "nope", which is not in ~/.aws/credentials'),
    ]);
    expect(of("sso").reasons).toEqual([expect.stringContaining('storage.s3.profile is "sso", which has no keys')]);
  });
});
