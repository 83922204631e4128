import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { debianPackage } from "./debian-package.ts";
import { npmTool } from "./npm-tool.ts";
import type { S3Credentials } from "./s3-server.ts";
import { freePortOn, startServerProcess } from "./server-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/**
 * An S3 server in JavaScript, https://github.com/jamhall/s3rver: it checks signatures and, as Amazon does, how old they are.
 * Node asks the C library for the time, where libfaketime can shift it; the servers written in Go ask the kernel.
 */
const tool = { name: "s3rver", version: "3.7.1", program: "bin/s3rver.js" };

/** Disposing of it ends it and removes all it kept. */
export interface SkewedS3Server extends AsyncDisposable, S3Credentials {
  endpoint: string;
  region: string;
}

/** Why there can be no such server here; undefined: there can. */
export async function skewedS3ServerObstacle(): Promise<string | undefined> {
  return Promise.all([npmTool(tool), debianPackage("libfaketime")]).then(
    () => undefined,
    (error) => (error instanceof Error ? error.message : String(error)),
  );
}

/** Starts it with a bucket and a clock that goes `minutes` before this machine's; less than 0: after it. */
export async function startSkewedS3Server(address: string, bucket: string, minutes: number): Promise<SkewedS3Server> {
  const { path, [Symbol.asyncDispose]: removeFolder } = await temporaryFolder();
  const port = await freePortOn(address);
  const place = ["--address", address, "--port", String(port), "--directory", path, "--configure-bucket", bucket];
  const endpoint = `http://${address}:${port}`;
  try {
    const server = await startServerProcess([process.execPath, await npmTool(tool), "--silent", ...place], {
      env: {
        LD_PRELOAD: await libraryOf("libfaketime"),
        FAKETIME: `${minutes < 0 ? "" : "+"}${minutes}m`,
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      },
      url: endpoint,
    });
    return {
      endpoint,
      region: "us-east-1",
      accessKey: "S3RVER",
      secretKey: "S3RVER",
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/** The library that changes the time; its folder is named after the machine's architecture. */
async function libraryOf(name: string): Promise<string> {
  const folder = await debianPackage(name);
  const files = await readdir(folder, { recursive: true });
  const library = files.find((file) => file.endsWith(`/${name}.so.1`));
  if (!library) throw new Error(`The package ${name} has no ${name}.so.1.`);
  return join(folder, library);
}
