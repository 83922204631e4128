import * as pulumi from "@pulumi/pulumi";
import type { RegistryDefaults } from "../../components/registry/registry-defaults.ts";
import { unprivilegedUser } from "../../components/registry/registry-defaults.ts";
import { isSharedVolume } from "../../components/registry/shared-volume.ts";
import type { Settings } from "../settings/settings.ts";
import { sensitiveFolderProblems } from "../storage/sensitive-folder-problems.ts";
import { rootProblem } from "./root-problem.ts";

/** What an earlier release chose and the settings leave open: what it is, what moves it, what that costs, what keeps it. */
interface Kept {
  has: string;
  move: string;
  keep: string;
}

/** Says once, in a preview, what a stack of an earlier release keeps. @param made the defaults of its registry and its caches */
export async function warnOfEarlierDefaults(settings: Settings, made: Promise<RegistryDefaults>[]): Promise<void> {
  if (!pulumi.runtime.isDryRun()) return;
  const warning = earlierDefaults(settings, await Promise.all(made));
  if (warning) pulumi.log.warn(warning);
}

/** Undefined: nothing is as earlier releases made it, or the settings ask for it. */
export function earlierDefaults(settings: Settings, made: RegistryDefaults[]): string | undefined {
  if (!made.includes(1)) return made.some((defaults) => defaults < 4) ? rootServiceOnly(settings) : undefined;
  const kept = settings.service ? ofService(settings.service, settings) : ofContainer(settings.container ?? {});
  const keys = ofKeys(settings);
  const all = [...kept, ...keys];
  const root = rootProblem(settings, 1);
  const folders = [...sensitiveFolderProblems(settings), ...(root ? [root] : [])];
  const folderTexts = folders.map(({ path, reason }) => `${path} ${reason}`);
  if (all.length === 0) return folderTexts.length > 0 ? folderTexts.join(" ") : undefined;
  return [textOf(all), ...folderTexts].join(" ");
}

/** All that a service has left of defaults between those of release 0.1 and the present ones. */
function rootServiceOnly({ service, storage }: Settings): string | undefined {
  if (!service || !("volume" in storage) || isSharedVolume(storage.volume)) return undefined;
  const kept = ofService(service, { storage });
  return kept.length > 0 ? textOf(kept) : undefined;
}

function textOf(all: Kept[]): string {
  return [
    `An earlier release made this stack, and it keeps what it has: ${listed(all.map(({ has }) => has))}.`,
    `To move it to what new stacks have, set ${listed(all.map(({ move }) => move))}.`,
    `To keep it without this warning, set ${listed(all.map(({ keep }) => keep))}. How to: docs/security.md, "Stacks of earlier releases".`,
  ].join(" ");
}

function ofContainer({ user, network }: Partial<NonNullable<Settings["container"]>>): Kept[] {
  const give = "once the images belong to it: the container is replaced";
  return [
    ...(user === undefined ? [userKept("container", give)] : []),
    ...(network === undefined
      ? [
          {
            has: "Docker's default bridge as its network",
            move: "container.network to own (the container is replaced)",
            keep: "container.network to bridge",
          },
        ]
      : []),
  ];
}

function ofService({ user }: NonNullable<Settings["service"]>, { storage }: Pick<Settings, "storage">): Kept[] {
  const give = "volume" in storage ? "once the images belong to it: a rolling update" : "a rolling update";
  return user === undefined ? [userKept("service", give)] : [];
}

function userKept(section: string, cost: string): Kept {
  return {
    has: "root as its user",
    move: `${section}.user to "${unprivilegedUser}" (${cost})`,
    keep: `${section}.user to "0:0"`,
  };
}

function ofKeys({ tls }: Settings): Kept[] {
  if (tls === "none" || tls.provided || tls.keyType !== undefined || tls.keyBits !== undefined) return [];
  return [
    {
      has: "an RSA key",
      move: "tls.keyType to ecdsa (a new server certificate and a restart; no node has to trust anything new)",
      keep: "tls.keyType to rsa",
    },
  ];
}

function listed(texts: string[]): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}
