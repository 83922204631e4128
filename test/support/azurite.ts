import { createHmac, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { curl } from "./curl.ts";
import { npmTool } from "./npm-tool.ts";
import { freePortOn, startServerProcess } from "./server-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import type { TestCertificate } from "./test-certificates.ts";

/**
 * Microsoft's emulator of Azure Storage: https://github.com/Azure/Azurite. Its next version depends on a package that not every
 * registry has.
 */
const tool = { name: "azurite", version: "3.36.0", program: "dist/src/blob/main.js" };

/** A blob service with one account. Disposing of it ends it. */
export interface Azurite extends AsyncDisposable {
  port: number;
  accountName: string;
  accountKey: string;
}

/** Why Azurite can't be had here; undefined: it can. The first call on a machine installs it, which takes half a minute. */
export async function azuriteObstacle(): Promise<string | undefined> {
  return npmTool(tool).then(
    () => undefined,
    (error) => (error instanceof Error ? error.message : String(error)),
  );
}

/** Starts it with HTTPS on an address of this machine, and makes a container. The account is the first part of its host name. */
export async function startAzurite(address: string, tls: TestCertificate, container: string): Promise<Azurite> {
  const { path, [Symbol.asyncDispose]: removeFolder } = await temporaryFolder();
  const port = await freePortOn(address);
  const account = {
    accountName: `moby${randomBytes(4).toString("hex")}`,
    accountKey: randomBytes(64).toString("base64"),
  };
  const files = [join(path, "server.crt"), join(path, "server.key")] as const;
  await writeFile(files[0], tls.certificate);
  await writeFile(files[1], tls.key, { mode: 0o600 });
  const place = ["--blobHost", address, "--blobPort", String(port), "--location", path];
  const parameters = [...place, "--cert", files[0], "--key", files[1], "--silent", "--disableTelemetry"];
  try {
    const server = await startServerProcess(
      [process.execPath, await npmTool(tool), ...parameters, "--skipApiVersionCheck"],
      {
        env: { AZURITE_ACCOUNTS: `${account.accountName}:${account.accountKey}` },
        url: `https://${address}:${port}/`,
      },
    );
    const end = async () => {
      await server[Symbol.asyncDispose]();
      await removeFolder();
    };
    try {
      await makeContainer(`https://${address}:${port}`, account, container);
    } catch (error) {
      await end();
      throw error;
    }
    return { ...account, port, [Symbol.asyncDispose]: end };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/** Signed as "Shared Key": https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key */
async function makeContainer(
  origin: string,
  { accountName, accountKey }: { accountName: string; accountKey: string },
  container: string,
): Promise<void> {
  const headers = { "x-ms-date": new Date().toUTCString(), "x-ms-version": "2024-11-04" };
  const resource = `/${accountName}/${accountName}/${container}\nrestype:container`;
  const described = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const text = `PUT${"\n".repeat(12)}${described.join("")}${resource}`;
  const signature = createHmac("sha256", Buffer.from(accountKey, "base64")).update(text).digest("base64");
  const answer = await curl(`${origin}/${accountName}/${container}?restype=container`, {
    method: "PUT",
    headers: { ...headers, authorization: `SharedKey ${accountName}:${signature}`, "content-length": "0" },
    insecure: true,
  });
  if (answer.status !== 201) throw new Error(`Azurite makes no container: ${answer.status} ${answer.body}`);
}
