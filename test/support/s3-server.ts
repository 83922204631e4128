import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { goTool } from "./go-tool.ts";
import { freePortOn, startServerProcess } from "./server-process.ts";
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
  /** Takes the bucket from the host name, too: what is before a dot and this. */
  virtualDomain?: string;
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
  const format = "{{json (index .IPAM.Config 0)}}";
  const { stdout } = await execa("docker", ["network", "inspect", "bridge", "--format", format], { timeout: 20_000 });
  const { Gateway, Subnet } = JSON.parse(stdout) as { Gateway?: string; Subnet: string };
  // The first start of a daemon on a machine names no gateway; it is the first address of the network.
  return Gateway ?? Subnet.replace(/\d+\/\d+$/, "1");
}

/** Starts the server and waits until it answers. */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const { address = "127.0.0.1", buckets = [], tls, virtualDomain, networkOf } = options;
  const program = await goTool(versitygw);
  const { path, [Symbol.asyncDispose]: removeFolder } = await temporaryFolder();
  const port = options.port ?? (await freePortOn(networkOf ? "127.0.0.1" : address));
  const root = newCredentials();
  const folder = join(path, "buckets");
  const accounts = join(path, "accounts");
  const log = join(path, "access.log");
  const attributes = join(path, "attributes");
  for (const place of [folder, accounts, attributes]) await mkdir(place);
  const certificate = tls ? await writeCertificate(path, tls) : [];
  const endpoint = `${tls ? "https" : "http"}://${address}:${port}`;
  const prefix = networkOf ? ["nsenter", `--net=/proc/${networkOf}/ns/net`] : [];
  const virtual = virtualDomain ? ["--virtual-domain", virtualDomain] : [];
  const files = ["--iam-dir", accounts, "--access-log", log, ...certificate, ...virtual];
  const command = [program, "--port", `${address}:${port}`, "--health", "/health", "--quiet", ...files];
  let running: AsyncDisposable | undefined;

  const stop = async () => {
    await running?.[Symbol.asyncDispose]();
    running = undefined;
  };
  const start = async () => {
    // In files of their own: ext4 holds the attributes of some hundred parts only.
    running = await startServerProcess([...command, "posix", "--sidecar", attributes, folder], {
      env: { ROOT_ACCESS_KEY_ID: root.accessKey, ROOT_SECRET_ACCESS_KEY: root.secretKey, VGW_REGION: region },
      url: `${endpoint}/health`,
      prefix,
    });
  };
  const admin = async (...parameters: string[]) => {
    const [file = program, ...rest] = [...prefix, program, "admin", "--allow-insecure"];
    const env = {
      ADMIN_ACCESS_KEY_ID: root.accessKey,
      ADMIN_SECRET_ACCESS_KEY: root.secretKey,
      ADMIN_ENDPOINT_URL: endpoint,
      ADMIN_REGION: region,
    };
    await execa(file, [...rest, ...parameters], { env, timeout: 20_000 });
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
      await admin("create-user", "--access", user.accessKey, "--secret", user.secretKey, "--role", "user");
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
    for (const bucket of buckets) await admin("create-bucket", "--bucket", bucket, "--owner", root.accessKey);
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
