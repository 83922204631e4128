import { Option } from "commander";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { CommonOptions } from "../command-line/command-line.ts";
import { command, main } from "../command-line/command-line.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { openEngine } from "../session/session.ts";
import { purgeStack } from "../teardown/purge-stack.ts";
import { printResult } from "../terminal/json-result.ts";
import { report } from "../terminal/terminal.ts";
import type { Estate } from "../throw-away/estate.ts";
import { findEstates } from "../throw-away/estate.ts";
import { parseAge } from "../throw-away/parse-age.ts";
import { removeEstate } from "../throw-away/remove-estate.ts";

interface Options extends CommonOptions {
  /** Milliseconds. */
  olderThan: number;
  match: string;
  dryRun: boolean;
}

const definition = command("reap", "Removes forgotten throw-away stacks by their labels, also if their state is gone.")
  .addOption(
    new Option("--older-than <age>", "how long ago they were created: 30m, 24h, 7d")
      .argParser(parseAge)
      .default(parseAge("24h"), "24h"),
  )
  .option("--match <pattern>", 'only stacks with such names: "pr-*"', "*")
  .option("--dry-run", "only say which", false);

const volumeType = "docker:index/volume:Volume";

await main<Options>(definition, async (options) => {
  const { olderThan, match, dryRun, json } = options;
  const { docker } = new SettingsFile(options.stack).early();
  const client = dockerClient(docker);
  const onEngine = await findEstates(client, report);
  const names = new Set(onEngine.map(({ name }) => name));
  const estates = [...onEngine, ...onFileOnly().filter(({ name }) => !names.has(name))];
  const old = estates.filter(
    ({ stack, created }) => Date.now() - created.getTime() >= olderThan && matches(stack, match),
  );
  const results = [];
  for (const estate of old) {
    const { stack, name, created } = estate;
    const error = dryRun ? undefined : await reap(estate).catch((reason: Error) => reason.message);
    results.push({
      stack,
      name,
      created: created.toISOString(),
      removed: !dryRun && !error,
      ...(error ? { error } : {}),
    });
    report(`${stack} (${name}, ${created.toISOString()}): ${dryRun ? "would be removed" : (error ?? "removed")}`);
  }
  if (old.length === 0) report("Nothing to reap.");
  if (json) printResult(results);
  return results.some(({ error }) => error) ? 1 : 0;

  /** By its state where that is here, so that it knows of nothing that is gone; then whatever is left, by the labels. */
  async function reap(estate: Estate): Promise<void> {
    const { stack, name } = estate;
    const file = SettingsFile.exists(stack) ? new SettingsFile(stack) : undefined;
    const isItsFile = file?.get(["ephemeral"]) !== undefined && file.get(["name"]) === name;
    const { engine } = await openEngine({ ...options, stack }, false);
    const resources = await engine.resources();
    // Another copy of the project may have a stack of the same name.
    const isItsState = resources.some(({ type, id = "" }) => type === volumeType && id.startsWith(`${name}-`));
    if (isItsState || (isItsFile && resources.length === 0)) {
      const purge = { stack, docker, keptVolumes: [], removeFile: isItsFile || !file };
      if ((await purgeStack(engine, purge)) !== 0) throw new Error("its teardown failed, see above");
    }
    await removeEstate(client, estate, report);
  }
});

/** `*` is any text. */
function matches(name: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

/** Derived, but never deployed, or removed by hand. */
function onFileOnly(): Estate[] {
  return SettingsFile.names().flatMap((stack) => {
    const file = new SettingsFile(stack);
    const [name, created] = [file.get(["name"]), file.get(["ephemeral", "created"])];
    if (typeof name !== "string" || typeof created !== "string") return [];
    const nothing = { containers: [], volumes: [], networks: [], trustedFiles: [] };
    return [{ stack, name, created: new Date(created), ...nothing }];
  });
}
