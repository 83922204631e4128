import { rmSync } from "node:fs";
import { z } from "zod";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import { shellWord } from "../../lib/processes/shell-word.ts";
import { typed } from "../../lib/start-up/typed.ts";
import type { CommonOptions } from "../command-line/command-line.ts";
import { command, main } from "../command-line/command-line.ts";
import type { StackResource } from "../engines/engine.ts";
import { stopDockerDaemon } from "../machine/docker-daemon.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { askForRootRights, filesMade } from "../session/root-rights.ts";
import { openEngine, stateDirectory } from "../session/session.ts";
import { confirmName } from "../teardown/confirm-name.ts";
import { deployedOn } from "../teardown/deployed-on.ts";
import { imageUsers } from "../teardown/image-users.ts";
import { purgeStack } from "../teardown/purge-stack.ts";
import type { Kept, TeardownPlan } from "../teardown/teardown-plan.ts";
import { teardownPlan } from "../teardown/teardown-plan.ts";
import { withoutUnmade } from "../teardown/without-unmade.ts";
import { askYes, canAsk } from "../terminal/ask.ts";
import { addResult } from "../terminal/json-result.ts";
import { listNames } from "../terminal/list-names.ts";
import { columns, report } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";
import { wrap } from "../terminal/wrap.ts";

interface Options extends CommonOptions {
  docker: boolean;
  purge: boolean;
  yes: boolean;
}

/** The part of the outputs that a teardown goes by; none of it is there after an "up" that failed. */
const outputs = z.object({
  hosts: z.array(z.string()).default([]),
  port: z.number().optional(),
  volume: z.string().optional(),
  volumeKept: z.boolean().default(true),
  bucket: z.string().optional(),
  bucketKept: z.boolean().optional(),
  /** There where the registry is a service: each node that ran a task of it has a volume of its own. */
  service: z.object({ name: z.string() }).optional(),
  /** Object storage that the stack did not make. */
  store: z.string().optional(),
});

type Outputs = z.infer<typeof outputs>;

const definition = command("down", "Removes a stack and keeps the images, unless the settings say otherwise.")
  .option("--purge", "also remove volumes, the images in them, and the state; asks for the stack's name", false)
  .option("-y, --yes", "confirm in advance, also that images are deleted; do not ask", false)
  .option("--docker", "also stop the Docker engine, if up started it in the background", false);

await main<Options>(definition, async (options) => {
  addResult({ stack: options.stack });
  const { stack, purge } = options;
  // A clone that never deployed a throw-away stack has no file of it, but may have its state.
  const file = SettingsFile.exists(stack) ? new SettingsFile(stack) : undefined;
  const { engine } = await openEngine(options, file !== undefined && file.get(["ephemeral"]) === undefined);
  const resources = await engine.resources();
  if (!file && resources.length === 0) new SettingsFile(stack);
  const before = outputs.parse((await engine.outputs()) ?? {});
  const docker = deployedOn(resources) ?? file?.early().docker ?? {};
  const plan = withVolume(teardownPlan(await withoutUnmade(resources, docker)), before);
  if (!purge) refuseUnlessAgreed(before, file);
  const purged = [
    ...plan.keptVolumes.map((name) => `volume ${name} with all images`),
    ...plan.keptCaches.map((name) => `volume ${name} (what a cache has fetched)`),
  ];
  const goes = purge ? [...plan.goes, ...purged] : plan.goes;
  addResult({ goes, stays: plan.stays, kept: keptOf(purge, plan) });
  if (goes.length > 0) {
    say(`Goes: ${listNames(goes, 20)}.`);
    if (plan.stays.length > 0) say(`Stays: ${listNames(plan.stays, 20)}.`);
    say(`Ends: ${endsOf(resources, purge)}.`);
  }
  const lost = [...plan.lostStores, ...(purge ? plan.keptVolumes.map((volume) => `volume ${volume}`) : [])];
  await nameImageUsers(before, docker, lost.length > 0 && !options.yes);
  if (purge && !options.yes) {
    const images = lost.length > 0 ? `, all images in ${lost.join(", ")}` : "";
    await confirmName(stack, `stack "${stack}"${images} and its state`);
  } else if (goes.length > 0 && !options.yes && canAsk() && !(await askYes(`Take stack "${stack}" down?`))) {
    throw new UserError("Nothing was changed.");
  }
  await using _ = await askForRootRights(filesMade(resources), options.yes);
  const ephemeral = !file || file.get(["ephemeral"]) !== undefined;
  const code = purge
    ? await purgeStack(engine, {
        stack,
        docker,
        keptVolumes: [...plan.keptVolumes, ...plan.keptCaches],
        removeFile: ephemeral,
      })
    : await engine.destroy();
  // The CLI makes a file where there was none.
  if (!file) rmSync(SettingsFile.pathOf(stack), { force: true });
  if (code !== 0) return code;
  reportKept(purge ? { ...plan, keptVolumes: [], keptCaches: [] } : plan, before, file);
  if (purge && before.service && before.volume) {
    const command = `docker volume rm ${shellWord(before.volume)}`;
    report(`Kept: volume ${before.volume} on other nodes that ran the registry. To delete it, type there: ${command}`);
  }
  if (options.docker) await stopDockerDaemon(report, { stateDirectory });
  return 0;
});

/** What stays, and how to delete it. */
function keptOf(purge: boolean, { kept, keptVolumes, keptCaches }: TeardownPlan): Kept[] {
  const volumes = purge ? [] : [...keptVolumes, ...keptCaches];
  return [...kept, ...volumes.map((name) => ({ what: `volume ${name}`, how: `docker volume rm ${shellWord(name)}` }))];
}

/** What can't be had again. */
function endsOf(resources: StackResource[], purge: boolean): string {
  const has = (type: string) => resources.some((resource) => resource.type === `registry-kit:${type}`);
  return (
    [
      ...(has("certificates:CertificateAuthority")
        ? [
            "the keys of this stack, and with them the trust of other machines: after the next up they need its new ca.crt",
          ]
        : []),
      ...(has("users:Htpasswd") ? ["generated passwords: the next up makes new ones"] : []),
      ...(purge ? ["the state and its history"] : []),
    ].join("; ") || "nothing else"
  );
}

function say(text: string): void {
  for (const line of wrap(text, columns(), 2)) report(line);
}

/** The state decides whether the images go, and it knows the settings of the last up only. */
function refuseUnlessAgreed(before: Outputs, file: SettingsFile | undefined): void {
  if (!file) return;
  if (before.bucketKept === false && file.get(["storage", "aws", "destroyImages"]) !== true) {
    throw new UserError(
      `Nothing was changed: the settings keep bucket ${before.bucket} now, but the last "up" was told not to, and "down" would ` +
        `delete it with all images. Type "${typed("up")}" to take the setting over first, or set storage.aws.destroyImages to true.`,
    );
  }
  if (before.volumeKept || file.get(["storage", "volume", "keep"]) === false) return;
  throw new UserError(
    `Nothing was changed: the settings keep volume ${before.volume} now, but the last "up" was told not to, and "down" would ` +
      `delete it with all images. Type "${typed("up")}" to take the setting over first, or set storage.volume.keep to false.`,
  );
}

/** @throws {UserError} where images that are in use would be deleted, and nobody agreed to that */
async function nameImageUsers({ hosts, port }: Outputs, docker: DockerHost, refuse: boolean): Promise<void> {
  if (port === undefined) return;
  // An engine that does not answer is reported by the teardown itself.
  const users = await imageUsers(hosts, port, docker).catch(() => []);
  if (users.length === 0) return;
  const found = `Images of this registry run in ${listNames(users)}: they keep running, but can't be pulled again.`;
  if (refuse) throw new UserError(`Nothing was changed. ${found} Remove those first, or add --yes.`);
  report(found);
}

/** An interrupted teardown has dropped the volume from the state already; the outputs go last. */
function withVolume(plan: TeardownPlan, { volume, volumeKept }: Outputs): TeardownPlan {
  if (!volume || !volumeKept || plan.keptVolumes.includes(volume)) return plan;
  return { ...plan, keptVolumes: [...plan.keptVolumes, volume] };
}

function reportKept(
  { kept, keptVolumes, keptCaches }: TeardownPlan,
  { bucket, bucketKept, store }: Outputs,
  file: SettingsFile | undefined,
): void {
  for (const volume of keptVolumes) {
    report(`Kept: volume ${volume} with all images. To delete it: docker volume rm ${shellWord(volume)}`);
  }
  for (const volume of keptCaches) {
    report(`Kept: volume ${volume}, what a cache has fetched. To delete it: docker volume rm ${shellWord(volume)}`);
  }
  if (bucketKept && bucket) {
    report(`Kept: bucket ${bucket} with all images. To use it again: storage.aws with this bucket and adopt: true`);
  }
  if (store) report(`Kept: ${store}, with all images.`);
  const folder = file?.get(["storage", "bindMount", "path"]);
  if (typeof folder === "string") report(`Kept: folder ${folder} with all images.`);
  for (const { what, how } of kept) report(`Kept: ${what}. To delete it: ${how}`);
}
