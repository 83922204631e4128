import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { goTool } from "./go-tool.ts";
import { poll } from "./poll.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import type { TestCertificate } from "./test-certificates.ts";

/** A real S3 server that keeps objects as files: https://github.com/versity/versitygw. */
const versitygw = { package: "github.com/versity/versitygw/cmd/versitygw", version: "v1.8.0" };

export interface S3Credentials {
  accessKey: string;
  secretKey: string;
}

export interface S3ServerOptions {
  /** Where it listens. Containers reach {@link bridgeAddress}, not a loopback address. @default "127.0.0.1" */
  address?: string;
  /** @default a free one */
  port?: number;
  /** Buckets that are there from the start. */
  buckets?: string[];
  /** HTTPS with this certificate. */
  tls?: TestCertificate;
  /** Process whose network namespace it runs in; this one then does not reach it. */
  networkOf?: number;
}

/** An S3 server with root credentials of its own. Disposing of it ends it and removes all it kept. */
export interface S3Server extends AsyncDisposable, S3Credentials {
  /** `http://127.0.0.1:49153`. */
  endpoint: string;
  region: string;
  /** Each bucket is a folder in it, each object a file in that one. */
  folder: string;
  /** Makes an account that owns nothing: what it may do, a bucket's policy says. */
  createUser(): Promise<S3Credentials>;
  /** Requests so far, a line each as Amazon writes it: `... s3_GetObject key ... status error bytes ...`. */
  accessLog(): Promise<string[]>;
  /** Ends it at once, without a goodbye to its clients; the objects stay. */
  stop(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
}

/** Why no S3 server can be had here; undefined: it can. The first call on a machine takes a minute or two. */
export async function s3ServerObstacle(): Promise<string | undefined> {
  return goTool(versitygw).then(
    () => undefined,
    (error) => (error instanceof Error ? error.message : String(error)),
  );
}

/** The address of this machine on the engine's default bridge: containers on any bridge reach it. */
export async function bridgeAddress(): Promise<string> {
  const format = "{{(index .IPAM.Config 0).Gateway}}";
  const { stdout } = await execa("docker", ["network", "inspect", "bridge", "--format", format], { timeout: 20_000 });
  return stdout.trim();
}

/** Starts the server and waits until it answers. */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const { address = "127.0.0.1", buckets = [], tls, networkOf } = options;
  const program = await goTool(versitygw);
  const { path, [Symbol.asyncDispose]: removeFolder } = await temporaryFolder();
  const port = options.port ?? (await freePort(networkOf ? "127.0.0.1" : address));
  const root = newCredentials();
  const folder = join(path, "buckets");
  const accounts = join(path, "accounts");
  const log = join(path, "access.log");
  for (const place of [folder, accounts, ...buckets.map((bucket) => join(folder, bucket))]) {
    await mkdir(place, { recursive: true });
  }
  const certificate = tls ? await writeCertificate(path, tls) : [];
  const endpoint = `${tls ? "https" : "http"}://${address}:${port}`;
  const prefix = networkOf ? ["nsenter", `--net=/proc/${networkOf}/ns/net`] : [];
  const files = ["--iam-dir", accounts, "--access-log", log, ...certificate];
  const command = [...prefix, program, "--port", `${address}:${port}`, "--health", "/health", "--quiet", ...files];
  let child: ChildProcess | undefined;

  const stop = async () => {
    if (child) await kill(child);
    child = undefined;
  };
  const start = async () => {
    // It ends with this process, in whatever way that ends.
    child = spawn("setpriv", ["--pdeathsig", "KILL", ...command, "posix", folder], {
      env: { ROOT_ACCESS_KEY_ID: root.accessKey, ROOT_SECRET_ACCESS_KEY: root.secretKey, VGW_REGION: region },
      stdio: ["ignore", "ignore", "pipe"],
    });
    await untilHealthy(child, `${endpoint}/health`, prefix);
  };
  const server: S3Server = {
    ...root,
    endpoint,
    region,
    folder,
    stop,
    start,
    async createUser() {
      const user = newCredentials();
      const parameters = ["--access", user.accessKey, "--secret", user.secretKey, "--role", "user"];
      const [file = program, ...rest] = [...prefix, program];
      await execa(file, [...rest, "admin", "--allow-insecure", "create-user", ...parameters], {
        env: {
          ADMIN_ACCESS_KEY_ID: root.accessKey,
          ADMIN_SECRET_ACCESS_KEY: root.secretKey,
          ADMIN_ENDPOINT_URL: endpoint,
          ADMIN_REGION: region,
        },
        timeout: 20_000,
      });
      return user;
    },
    accessLog: async () => (await readFile(log, "utf8")).split("\n").filter((line) => line.includes(" s3_")),
    async [Symbol.asyncDispose]() {
      await stop();
      await removeFolder();
    },
  };
  try {
    await start();
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

const region = "eu-central-1";

function newCredentials(): S3Credentials {
  return { accessKey: randomBytes(10).toString("hex"), secretKey: randomBytes(20).toString("hex") };
}

async function writeCertificate(folder: string, { certificate, key }: TestCertificate): Promise<string[]> {
  const files = { cert: join(folder, "server.crt"), key: join(folder, "server.key") };
  await writeFile(files.cert, certificate);
  await writeFile(files.key, key, { mode: 0o600 });
  return ["--cert", files.cert, "--key", files.key];
}

async function untilHealthy(child: ChildProcess, url: string, prefix: string[]): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const [file = "curl", ...rest] = [...prefix, "curl", "--silent", "--fail", "--insecure", "--noproxy", "*", url];
  await poll("the S3 server answers", async () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${said}`);
    return (await execa(file, rest, { reject: false, timeout: 5_000 })).failed ? undefined : true;
  });
}

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit", { signal: AbortSignal.timeout(30_000) });
  child.kill("SIGKILL");
  await exit;
}
