import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { goTool } from "./go-tool.ts";
import { freePortOn, startServerProcess } from "./server-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import type { TestCertificate } from "./test-certificates.ts";

/** An emulator of Google Cloud Storage: https://github.com/fsouza/fake-gcs-server. */
const fakeGcsServer = { package: "github.com/fsouza/fake-gcs-server", version: "v1.56.1" };

/** The names of Google's services that the driver asks; its certificate must cover them. */
export const googleNames = ["storage.googleapis.com", "www.googleapis.com"];

/** A server that passes for Google Cloud Storage on port 443 of an address. Disposing of it ends it. */
export interface GcsServer extends AsyncDisposable {
  /** A service account's key, whose tokens the server takes. */
  credentials: Record<string, string>;
}

/** Why the emulator can't be had here; undefined: it can. The first call on a machine takes a minute or two. */
export async function gcsServerObstacle(): Promise<string | undefined> {
  return goTool(fakeGcsServer).then(
    () => undefined,
    (error) => (error instanceof Error ? error.message : String(error)),
  );
}

/** Starts it on an address where port 443 is free, with one bucket, and a token service beside it. */
export async function startGcsServer(address: string, tls: TestCertificate, bucket: string): Promise<GcsServer> {
  const program = await goTool(fakeGcsServer);
  const { path, [Symbol.asyncDispose]: removeFolder } = await temporaryFolder();
  const files = { certificate: join(path, "server.crt"), key: join(path, "server.key") };
  await writeFile(files.certificate, tls.certificate);
  await writeFile(files.key, tls.key, { mode: 0o600 });
  // A bucket is a folder of the folder that it loads at its start.
  await mkdir(join(path, "data", bucket), { recursive: true });
  const place = ["-scheme", "https", "-host", address, "-port", "443", "-external-url", "https://www.googleapis.com"];
  const store = ["-backend", "filesystem", "-filesystem-root", join(path, "data"), "-log-level", "error"];
  const certificate = ["-cert-location", files.certificate, "-private-key-location", files.key];
  const tokens = await startTokenService(address);
  const server = await startServerProcess([program, ...place, ...store, ...certificate], {
    env: {},
    url: `https://${address}/storage/v1/b`,
  }).catch(async (error) => {
    await tokens[Symbol.asyncDispose]();
    await removeFolder();
    throw error;
  });
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    credentials: {
      type: "service_account",
      project_id: "kit",
      private_key_id: "1",
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      client_email: "kit@kit.iam.gserviceaccount.com",
      client_id: "1",
      token_uri: tokens.url,
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await tokens[Symbol.asyncDispose]();
      await removeFolder();
    },
  };
}

/** Gives everybody a token, as Google gives one for a signed request. */
async function startTokenService(address: string): Promise<AsyncDisposable & { url: string }> {
  const token = JSON.stringify({ access_token: "token", token_type: "Bearer", expires_in: 3600 });
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(token);
  });
  const port = await freePortOn(address);
  server.listen(port, address);
  await once(server, "listening");
  return {
    url: `http://${address}:${port}/token`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}
