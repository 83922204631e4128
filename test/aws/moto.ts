import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pythonTool } from "../support/python-tool.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { issueTestCertificate, makeTestAuthority } from "../support/test-certificates.ts";

/** Amazon's services as a program: https://github.com/getmoto/moto. Flask is what its server needs. */
const packages = ["moto[s3]==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"];

/** Moto on one address of this machine: one account, empty at first. Disposing of it ends it. */
export interface Moto extends AsyncDisposable {
  /** `https://172.17.0.1:49153`, with a certificate of {@link authority}. */
  endpoint: string;
  /** The same account over plain HTTP. */
  plainEndpoint: string;
  /** PEM. */
  authority: string;
  /** From now on, nobody may do what no policy of theirs allows, and every signature counts. */
  enforceRights(): Promise<void>;
}

/** Why moto can't be had here; undefined: it can. The first call on a machine takes half a minute. */
export async function motoObstacle(): Promise<string | undefined> {
  return installed().then(
    () => undefined,
    (error) => (error instanceof Error ? error.message : String(error)),
  );
}

/**
 * @param address where it listens; containers reach that of the default bridge, not a loopback one
 * @param networkOf process whose network namespace it runs in; this one then does not reach it
 */
export async function startMoto(address = "127.0.0.1", networkOf?: number): Promise<Moto> {
  const programs = await installed();
  const authority = await makeTestAuthority();
  const { certificate, key } = await issueTestCertificate(authority, [address]);
  const { path, [Symbol.asyncDispose]: removeFolder } = await temporaryFolder();
  const files = [join(path, "server.crt"), join(path, "server.key")] as const;
  await writeFile(files[0], certificate);
  await writeFile(files[1], key, { mode: 0o600 });
  const script = join(import.meta.dirname, "moto-server.py");
  // It ends with this process, in whatever way that ends.
  const python = ["--pdeathsig", "KILL", join(programs, "python"), script, address, ...files];
  const inside = networkOf ? ["nsenter", `--net=/proc/${networkOf}/ns/net`] : [];
  const [file = "setpriv", ...rest] = [...inside, "setpriv", ...python];
  const child = spawn(file, rest, { stdio: ["ignore", "pipe", "ignore"], env: { PYTHONUNBUFFERED: "1" } });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    }
    await removeFolder();
  };
  try {
    const [line] = await once(createInterface(child.stdout), "line", { signal: AbortSignal.timeout(60_000) });
    const ports = JSON.parse(line as string) as { tls: number; plain: number };
    const plainEndpoint = `http://${address}:${ports.plain}`;
    return {
      endpoint: `https://${address}:${ports.tls}`,
      plainEndpoint,
      authority: authority.certificate,
      async enforceRights() {
        await fetch(`${plainEndpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function installed(): Promise<string> {
  return pythonTool("moto-5.2.5", packages);
}
