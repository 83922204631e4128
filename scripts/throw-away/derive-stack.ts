import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Engine } from "../engines/engine.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { UserError } from "../terminal/user-error.ts";
import { deriveSettings } from "./derive-settings.ts";
import { freePort } from "./free-port.ts";

/** What an earlier `up` of a throw-away stack left in its outputs, for clones that lack its settings file. */
const deployed = z.object({
  port: z.number(),
  ephemeral: z.object({ from: z.string(), created: z.string(), name: z.string() }),
});

/**
 * Makes sure that a throw-away stack has its settings file, derived from that of another stack.
 *
 * One that is there is taken as it is. Where it is missing but the stack is deployed, as in a new clone, the names and the
 * port are those of the deployment; else they are new.
 *
 * @returns whether this call wrote the file with a port of its own choice
 * @throws {UserError} where the file is a stack's own, or derived from another one, and where that one has no registry
 */
export async function deriveStack(stack: string, from: string, engine: Engine): Promise<boolean> {
  const origin = new SettingsFile(from);
  if (SettingsFile.exists(stack)) {
    checkOrigin(stack, from);
    return false;
  }
  if (origin.get(["registry"]) === "none") {
    throw new UserError(
      `Stack "${from}" has pull-through caches alone (registry: none): so there is no registry to copy. Name another stack in --from.`,
    );
  }
  const { success, data } = deployed.safeParse(await engine.outputs());
  const baseName = origin.get(["name"]) ?? "registry";
  // Random: on one host another copy of the project may derive a stack of the same name.
  const name = success ? data.ephemeral.name : `${baseName}-${stack}-${randomBytes(3).toString("hex")}`;
  const port = success ? data.port : await freePort(name, origin.early().docker, derivedPorts());
  const created = success ? data.ephemeral.created : new Date().toISOString();
  const text = deriveSettings(readFileSync(origin.path, "utf8"), { from, stack, created, name, port });
  try {
    // It may hold what the first one holds, which git may know.
    writeFileSync(SettingsFile.pathOf(stack), text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    checkOrigin(stack, from);
    return false;
  }
  return !success;
}

/** Another port for a stack whose own was taken by another program in the meantime. */
export async function moveToFreePort(settingsFile: SettingsFile): Promise<number> {
  const taken = derivedPorts();
  const port = await freePort(
    `${settingsFile.get(["name"])} ${settingsFile.get(["port"])}`,
    settingsFile.early().docker,
    taken,
  );
  settingsFile.set(["port"], port);
  return port;
}

function checkOrigin(stack: string, from: string): void {
  const origin = new SettingsFile(stack).get(["ephemeral", "from"]);
  if (origin === from) return;
  const what = origin === undefined ? "is not a throw-away stack" : `was derived from "${origin}"`;
  throw new UserError(
    `Stack "${stack}" ${what} (stacks/Pulumi.${stack}.yaml), not from "${from}". Leave out --from, or choose another name.`,
  );
}

/** The ports that the throw-away stacks of this folder have been given. */
function derivedPorts(): Set<number> {
  const files = SettingsFile.names().map((name) => new SettingsFile(name));
  return new Set(files.filter((file) => file.get(["ephemeral"])).map((file) => Number(file.get(["port"]))));
}
