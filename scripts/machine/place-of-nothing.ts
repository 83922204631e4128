import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { backendFolder } from "../../engine/state/backend.ts";
import { projectName } from "../project/project-name.ts";
import type { StateBackend } from "./state-backend.ts";

/**
 * Where a stack has no state yet, a state for looking only: in a folder outside the project that goes with this process, so that a
 * preview makes neither `.state` nor a passphrase, and the Pulumi CLI no stack.
 *
 * @returns what an engine needs in its environment; undefined: the stack has a state, or it is not in a folder
 */
export function placeOfNothing({ url, environment }: StateBackend, stack: string): Record<string, string> | undefined {
  if (!url.startsWith("file://")) return undefined;
  const stacks = join(backendFolder(url), ".pulumi", "stacks", projectName);
  if (existsSync(stacks) && readdirSync(stacks).some((file) => file.startsWith(`${stack}.`))) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "registry-kit-preview-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const { PULUMI_CONFIG_PASSPHRASE_FILE: file, ...others } = environment;
  // A passphrase that is there may be that of secrets in the settings.
  const passphrase: Record<string, string> =
    file === undefined
      ? {}
      : existsSync(file)
        ? { PULUMI_CONFIG_PASSPHRASE_FILE: file }
        : { PULUMI_CONFIG_PASSPHRASE: randomUUID() };
  return { ...others, PULUMI_BACKEND_URL: pathToFileURL(folder).href, ...passphrase };
}
