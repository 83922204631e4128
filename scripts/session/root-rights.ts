import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { defaultDaemonFile } from "../../components/daemon-json/running-daemon.ts";
import { isLoopback } from "../../components/machines/is-loopback.ts";
import { openRootShell } from "../../components/machines/root/root-shell.ts";
import { shareRootShell } from "../../components/machines/root/shared-root-shell.ts";
import { caFile, defaultCertsDirectory } from "../../components/trust/certs-directory.ts";
import { trustSettings } from "../../stacks/trust/settings.ts";
import { trustNodes } from "../../stacks/trust/trust-nodes.ts";
import type { StackResource } from "../engines/engine.ts";
import type { SettingsFile } from "../project/settings-file.ts";
import { askYes, canAsk } from "../terminal/ask.ts";
import { withoutProgress } from "../terminal/progress.ts";
import { complain } from "../terminal/terminal.ts";

const port = z.coerce.number().catch(5000);

/** What decides which files of this machine change. What is wrong in it is reported by the program itself. */
const early = z.object({
  hosts: z.array(z.string()),
  port,
  trust: trustSettings.default("local"),
  tls: z.unknown(),
  caches: z.record(z.string(), z.object({ port, mirror: z.boolean().catch(false) })).default({}),
});

const trusted = z.object({
  inputs: z.object({ connection: z.object({ type: z.literal("local") }) }),
  outputs: z.object({ files: z.array(z.object({ path: z.string() })).default([]) }),
});

const configured = z.object({
  id: z.string().transform((id) => id.replace(/^local:/, "")),
  inputs: z.object({ connection: z.object({ type: z.literal("local") }), rootless: z.literal(false).default(false) }),
});

/** The files of this machine that a first `up` with these settings makes. */
export function filesToMake(settingsFile: SettingsFile): string[] {
  const settings = early.safeParse(
    Object.fromEntries(["hosts", "port", "trust", "tls", "caches"].map((key) => [key, settingsFile.get([key])])),
  );
  if (!settings.success) return [];
  const { hosts, port, trust, tls, caches } = settings.data;
  const here = trustNodes(trust).filter(({ connection, rootless }) => connection.type === "local" && !rootless);
  const ports = [port, ...Object.values(caches).map((cache) => cache.port)];
  const files = here.flatMap(({ certsDirectory = defaultCertsDirectory }) =>
    tls === "none" ? [] : hosts.flatMap((host) => ports.map((each) => caFile(certsDirectory, host, each))),
  );
  const { insecureRegistries = [], mirrors = {} } = typeof trust === "string" ? {} : trust;
  const needsDaemon =
    insecureRegistries.length > 0 ||
    "docker.io" in mirrors ||
    Object.values(caches).some(({ mirror }) => mirror) ||
    (tls === "none" && !hosts.every(isLoopback));
  return [...files, ...(needsDaemon && here.length > 0 ? [defaultDaemonFile] : [])].filter((file) => !existsSync(file));
}

/** The files of this machine that a stack has made. */
export function filesMade(resources: StackResource[]): string[] {
  return resources.flatMap((resource) => {
    if (resource.type === "registry-kit:nodes:NodeTrust") {
      return trusted.safeParse(resource).data?.outputs.files.map(({ path }) => path) ?? [];
    }
    if (resource.type !== "registry-kit:nodes:DaemonConfiguration") return [];
    const { id } = configured.safeParse(resource).data ?? {};
    return id === undefined ? [] : [id];
  });
}

/**
 * Where files change that this user can't write, asks on the terminal whether sudo may be used for them. Until the end of the block the
 * providers then have root's rights. Without a terminal, without sudo or with a no they do what they can: see `NodeTrust`.
 * @param remark said before the question
 */
export async function askForRootRights(files: string[], isAgreed = false, remark?: string): Promise<AsyncDisposable> {
  const nothing = { [Symbol.asyncDispose]: async () => {} };
  const closed = [...new Set(files)].filter((file) => !isOpen(dirname(file)));
  if (closed.length === 0 || process.geteuid?.() === 0 || !canAsk()) return nothing;
  if ((await execa("sudo", ["--version"], { reject: false, stdio: "ignore" })).failed) return nothing;
  complain("Only root can change these files of the Docker daemon:");
  for (const file of closed) complain(`  ${file}`);
  if (remark !== undefined && !isAgreed) complain(remark);
  if (!isAgreed && !(await askYes('Change them with sudo, as "sudo install" and "sudo rm" would?'))) return nothing;
  try {
    return await shareRootShell(await withoutProgress(() => openRootShell("terminal")));
  } catch (error) {
    complain(`${(error as Error).message} Continuing without.`);
    return nothing;
  }
}

/** Whether this user can change what is in a folder, made or not. */
function isOpen(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(folder) === folder) return false;
    return isOpen(dirname(folder));
  }
}
