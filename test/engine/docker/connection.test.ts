import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import Docker from "dockerode";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { type PluginClient, startPlugin } from "./plugin-client.ts";
import { image, startOurs, uniqueName, urnOf } from "./plugins.ts";
import { TestResource } from "./resource.ts";

const socket = (process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock").replace("unix://", "");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rk-connection-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Whether a daemon answers to a provider of this configuration. */
async function networkThrough(config: PropertyMap): Promise<unknown> {
  const plugin = await startOurs(config);
  try {
    return (await plugin.invoke("docker:index/getNetwork:getNetwork", { name: "host" })).result.name;
  } finally {
    plugin.stop();
  }
}

describe("the connection to the daemon", () => {
  test("a daemon that is not there is named, with what to do", async () => {
    const host = `unix://${folder}/none.sock`;
    await expect(networkThrough({ host })).rejects.toThrow(
      new RegExp(`No Docker daemon answers at ${host}: .*ENOENT.* set docker:host or DOCKER_HOST`),
    );
    await expect(networkThrough({ host: "docker.example" })).rejects.toThrow(/not of the form unix:\/\/, tcp:\/\//);
  });

  test("goes over ssh with the user's own ssh and its options", async () => {
    const calls = join(folder, "calls");
    // Stands for the far end: `ssh <options> -- <host> <command>` runs the command here.
    const fake = `#!/bin/sh\necho "$@" >> ${calls}\nwhile [ "$1" != -- ]; do shift; done\nshift 2\nDOCKER_HOST=unix://${socket} [ $# = 0 ] || exec "$@"\n`;
    await writeFile(join(folder, "ssh"), fake);
    await chmod(join(folder, "ssh"), 0o755);
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    try {
      expect(await networkThrough({ host: "ssh://me@far.test:2222", sshOpts: '["-i","key"]' })).toBe("host");
    } finally {
      process.env.PATH = path;
    }
    const [shared, first, ...rest] = execaSync("cat", [calls]).stdout.split("\n");
    // One connection for all requests, which ends by itself.
    expect(shared).toMatch(/^-f -N -o ControlPath=\S+ .*ControlPersist=30 -i key -l me -p 2222 -- far\.test$/);
    expect(first).toMatch(/^-o ControlPath=\S+ .* -i key -l me -p 2222 -- far\.test docker system dial-stdio$/);
    expect(rest.filter((call) => call.startsWith("-f"))).toEqual([]);
  });

  describe("over TLS", () => {
    let server: Server;
    let host: string;
    let pem: (name: string) => string;
    beforeAll(async () => {
      makeCertificates(folder);
      pem = (name) => execaSync("cat", [join(folder, name)]).stdout;
      const options = { ca: pem("ca.pem"), cert: pem("cert.pem"), key: pem("key.pem") };
      server = createServer({ ...options, requestCert: true, rejectUnauthorized: true }, (incoming, outgoing) => {
        const { method, url, headers } = incoming;
        const onward = request({ socketPath: socket, method, path: url, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        });
        incoming.pipe(onward);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      server.close();
      server.closeAllConnections();
    });

    test("with certificates given as text, or in a folder", async () => {
      const material = { caMaterial: pem("ca.pem"), certMaterial: pem("cert.pem"), keyMaterial: pem("key.pem") };
      expect(await networkThrough({ host, ...material })).toBe("host");
      expect(await networkThrough({ host, certPath: folder })).toBe("host");
    });

    test("a server that no given authority vouches for is refused", async () => {
      const material = { certMaterial: pem("cert.pem"), keyMaterial: pem("key.pem") };
      await expect(networkThrough({ host, ...material })).rejects.toThrow(/self.signed certificate|unable to verify/);
    });

    test("half a key pair is refused", async () => {
      await expect(startOurs({ host, keyMaterial: pem("key.pem") })).rejects.toThrow(/must be given together/);
    });
  });
});

describe("pulling from a registry that asks for a password", () => {
  const docker = new Docker();
  const [username, password] = ["puller", "s3cret-enough"];
  let plugin: PluginClient;
  let registry: TestResource;
  let address: string;
  let name: string;
  beforeAll(async () => {
    plugin = await startOurs();
    const inputs = {
      name: uniqueName(),
      image,
      envs: ["REGISTRY_AUTH=htpasswd", "REGISTRY_AUTH_HTPASSWD_REALM=test", "REGISTRY_AUTH_HTPASSWD_PATH=/htpasswd"],
      uploads: [{ file: "/htpasswd", content: `${username}:${bcrypt.hashSync(password, 4)}\n` }],
      ports: [{ internal: 5000, ip: "127.0.0.1" }],
      healthcheck: { tests: ["CMD-SHELL", "wget -q -O- http://127.0.0.1:5000/ >/dev/null"], interval: "300ms" },
      wait: true,
    };
    registry = await new TestResource(plugin, "Container").create(inputs);
    address = `127.0.0.1:${(registry.outputs.ports as { external: number }[])[0]?.external}`;
    name = `${address}/app:1`;
    await docker.getImage(image).tag({ repo: `${address}/app`, tag: "1" });
    const stream = await docker.getImage(name).push({ authconfig: { username, password, serveraddress: address } });
    await new Promise((resolve, reject) => docker.modem.followProgress(stream, (e) => (e ? reject(e) : resolve(null))));
    await docker.getImage(name).remove();
  });
  afterAll(async () => {
    await docker
      .getImage(name)
      .remove()
      .catch(() => {});
    await registry?.delete();
    plugin?.stop();
  });

  const cliConfig = () => {
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    return JSON.stringify({ auths: { [address]: { auth } } });
  };

  test.each<[string, () => PropertyMap[]]>([
    ["a user name and a password", () => [{ address, username, password }]],
    ["the Docker CLI's configuration", () => [{ address: `https://${address}`, configFileContent: cliConfig() }]],
  ])("works with %s", async (_what, entries) => {
    const plugin = await startOurs({ registryAuth: JSON.stringify(entries()) });
    const subject = await new TestResource(plugin, "RemoteImage").create({ name });
    expect(subject.outputs.repoDigest).toMatch(new RegExp(`^${address}/app@sha256:[0-9a-f]{64}$`));
    await subject.delete();
    await expect(docker.getImage(name).inspect()).rejects.toThrow(/no such image/i);
    plugin.stop();
  });

  test("fails without, and does not repeat a wrong password", async () => {
    for (const config of [{}, { registryAuth: [{ address, username, password: "wrong-one" }] }]) {
      const plugin = await startOurs(config);
      const failure = await new TestResource(plugin, "RemoteImage").create({ name }).catch((error) => error);
      expect(failure.message).toMatch(/Cannot pull the image .*(no basic auth credentials|unauthorized)/s);
      expect(failure.message).not.toContain("wrong-one");
      plugin.stop();
    }
  });
});

test("an unknown type is refused by name", async () => {
  const plugin = await startOurs();
  await expect(plugin.check(urnOf("Tag"), {}, {})).rejects.toThrow(/has no resource type "docker:index\/tag:Tag"/);
  plugin.stop();
});

test("the plugin process takes its daemon from DOCKER_HOST", async () => {
  const entry = new URL("../../../engine/docker/pulumi-resource-docker.ts", import.meta.url).pathname;
  const plugin = await startPlugin(process.execPath, [entry], { DOCKER_HOST: `unix://${folder}/other.sock` });
  await plugin.configure({});
  await expect(plugin.invoke("docker:index/getNetwork:getNetwork", { name: "host" })).rejects.toThrow(/other\.sock/);
  plugin.stop();
});

/** An authority, and one certificate of it for 127.0.0.1 that serves as the server's and the client's. */
function makeCertificates(cwd: string): void {
  const openssl = (...args: string[]) => execaSync("openssl", args, { cwd });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca-key.pem", "-out", "ca.pem", "-subj", "/CN=test", "-days", "2");
  const subject = ["-subj", "/CN=daemon", "-addext", "subjectAltName=IP:127.0.0.1"];
  const authority = ["-CA", "ca.pem", "-CAkey", "ca-key.pem"];
  openssl("req", "-x509", ...key, ...authority, "-keyout", "key.pem", "-out", "cert.pem", ...subject, "-days", "1");
}
