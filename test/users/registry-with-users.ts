import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { temporaryFolder } from "../support/temporary-folder.ts";

const image = "registry:3.1.2";

const configuration = `version: 0.1
log: { level: warn }
storage: { inmemory: {} }
http: { addr: ":5000" }
auth: { htpasswd: { realm: test, path: /auth/htpasswd } }
`;

/** Why no real registry can be started here; undefined where one can. */
export async function whyNoRegistry(): Promise<string | undefined> {
  const { failed, stderr } = await execa("docker", ["image", "inspect", image], { reject: false, timeout: 20_000 });
  return failed ? `no Docker engine with the image ${image}: ${stderr.split("\n")[0]}` : undefined;
}

/** A real registry over plain HTTP on loopback with this htpasswd file, removed at the end of the block. */
export async function startRegistry(htpasswd: string): Promise<AsyncDisposable & { login: Login }> {
  const name = `registry-kit-test-${randomBytes(6).toString("hex")}`;
  const remove = async () => {
    await docker("rm", "--force", "--volumes", name);
  };
  try {
    await docker("create", "--name", name, "--env", "OTEL_TRACES_EXPORTER=none", "-p", "127.0.0.1::5000", image);
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "etc", "distribution"), { recursive: true });
    await mkdir(join(folder.path, "auth"));
    await writeFile(join(folder.path, "etc", "distribution", "config.yml"), configuration);
    await writeFile(join(folder.path, "auth", "htpasswd"), htpasswd);
    await docker("cp", `${folder.path}/.`, `${name}:/`);
    await docker("start", name);
    const address = (await docker("port", name, "5000")).trim();
    await answers(`http://${address}/`, name);
    return { login: (user, password) => login(address, user, password), [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The HTTP status of `GET /v2/` with these credentials. */
export type Login = (user: string, password: string) => Promise<number>;

async function login(address: string, user: string, password: string): Promise<number> {
  const credentials = Buffer.from(`${user}:${password}`).toString("base64");
  const headers = { authorization: `Basic ${credentials}` };
  const response = await fetch(`http://${address}/v2/`, { headers, signal: AbortSignal.timeout(20_000) });
  await response.arrayBuffer();
  return response.status;
}

async function answers(url: string, container: string): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!(await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined))?.ok) {
    if (Date.now() > deadline) {
      const { all } = await execa("docker", ["logs", container], { all: true, timeout: 20_000 });
      throw new Error(`The registry did not answer within 40 s: ${all}`);
    }
    await delay(100);
  }
}

async function docker(...args: string[]): Promise<string> {
  return (await execa("docker", args, { timeout: 60_000 })).stdout;
}
