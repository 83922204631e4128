import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { attachNetworks } from "../../engine/docker/container/attach-networks.ts";
import { createOptions } from "../../engine/docker/container/create-options.ts";
import { withoutFrames } from "../../engine/docker/container/without-frames.ts";
import { daemonMessage, orMissing, statusOf } from "../../lib/docker/docker-error.ts";
import { objectsOf, textOf } from "../../lib/protocol/values.ts";
import { fatalLine } from "../docker-host/fatal-line.ts";
import { helperLabel } from "./helpers.ts";
import type { Reader } from "./reader.ts";
import { archive, type VolumeFile, type VolumeOwner } from "./volume-writer.ts";

export interface Trial {
  reader: Reader;
  /** The volume that the files are going to be in. */
  volume: string;
  image: string;
  owner: VolumeOwner;
  /** Undefined: not known yet, so that the container is made, and not started. */
  files: VolumeFile[] | undefined;
}

/** How long a container may take until its log says that it serves, the pause between two looks, and before the last: milliseconds. */
const patience = 15_000;
const pause = 100;
const settled = 300;

/** Where the folder that the reader writes is mounted a second time, writable. */
const writable = "/registry-kit-trial";
/** Where the volume of the files is mounted: the new ones take its place. */
const aside = "/registry-kit-files";
/** The script's exit code where that folder cannot be written. */
const notWritable = 91;

/**
 * Makes and removes a folder, in the innermost one that the registry has there already: above that it never writes. Then becomes
 * the reader. An empty volume is left to VolumeOwner, which gives it to the reader's user.
 */
const script = `
d=$1; may_be_empty=$2; shift 2
if [ -n "$d" ] && { [ -z "$may_be_empty" ] || [ -n "$(ls -A "$d" | grep -v '^lost+found$')" ]; }; then
  w=$d
  for f in docker docker/registry docker/registry/v2; do [ ! -d "$d/$f" ] || w=$d/$f; done
  mkdir -p "$w/.registry-kit-trial" && rmdir "$w/.registry-kit-trial" || exit ${notWritable}
fi
exec "$@"`;

/**
 * Tries what would take the place of a running container: a helper container with the same image, user, mounts (read-only),
 * networks and limits starts with the new files. A new port is published for that moment. Where there is no container of that
 * name, or it does not run, there is nothing to lose and nothing is tried.
 *
 * @returns why the new container would not start; undefined: it would
 */
export async function tryReader(docker: Docker, trial: Trial): Promise<string | undefined> {
  const name = textOf(trial.reader.container.name) ?? "";
  const live = await orMissing(docker.getContainer(name).inspect());
  if (!live?.State.Running || live.State.Restarting) return undefined;
  const reason = await start(docker, trial, live).catch((error: unknown) => {
    // An image that is gone is pulled again by the run itself.
    if (statusOf(error) === 404 && /no such image/i.test(daemonMessage(error))) throw error;
    return daemonMessage(error);
  });
  return reason && `container ${name} runs on as it is, because the new one would not start: ${reason}`;
}

async function start(docker: Docker, trial: Trial, live: Docker.ContainerInspectInfo): Promise<string | undefined> {
  const helper = await docker.createContainer(await helperOptions(docker, trial, live));
  try {
    await attachNetworks(docker, helper.id, await withNetworksOf(docker, trial.reader.container));
    const { files, owner } = trial;
    if (!files) return undefined;
    const folder = filesFolder(trial).slice(1);
    const placed = files.map((file) => ({ ...file, name: `${folder}/${file.name}` }));
    await helper.putArchive(await archive(placed, owner), { path: "/" });
    await helper.start();
    return await outcome(helper, trial);
  } finally {
    await helper.remove({ force: true, v: true });
  }
}

/** At a preview the stack's own network may still have to be made. */
async function withNetworksOf(docker: Docker, container: Reader["container"]): Promise<Reader["container"]> {
  const known = (await docker.listNetworks()).flatMap(({ Name, Id }) => [Name, Id]);
  const networksAdvanced = objectsOf(container.networksAdvanced).filter(({ name }) =>
    known.includes(textOf(name) ?? ""),
  );
  return { ...container, networksAdvanced };
}

async function outcome(helper: Docker.Container, { reader, owner }: Trial): Promise<string | undefined> {
  const ready = new RegExp(reader.ready);
  const deadline = performance.now() + patience;
  let isReady = false;
  for (;;) {
    const { State } = await helper.inspect();
    const log = withoutFrames(await helper.logs({ stdout: true, stderr: true, tail: 200 }));
    if (!State.Running) {
      if (State.ExitCode !== notWritable) return fatalLine(log) ?? `it ended with exit code ${State.ExitCode}`;
      const user = textOf(reader.container.user) ?? `${owner.uid}:${owner.gid}`;
      return `user ${user} cannot write ${placeOf(reader)} (${fatalLine(log)}). Give it to that user (chown), or change container.user.`;
    }
    if (isReady || performance.now() > deadline) return undefined;
    // Once more, as something else of it may end it at the same moment.
    isReady = ready.test(log);
    await sleep(isReady ? settled : pause);
  }
}

async function helperOptions(
  docker: Docker,
  trial: Trial,
  live: Docker.ContainerInspectInfo,
): Promise<Docker.ContainerCreateOptions> {
  const { reader, volume, image } = trial;
  const { name: _, HostConfig = {}, ...options } = createOptions({ ...reader.container, image });
  const found = await docker.getImage(image).inspect();
  const command = [
    [options.Entrypoint ?? found.Config.Entrypoint ?? []].flat(),
    options.Cmd ?? found.Config.Cmd ?? [],
  ].flat();
  const mounts = await readOnlyMounts(docker, trial, HostConfig);
  const isVolume = mounts.writable?.Type === "volume";
  return {
    ...options,
    Labels: { [helperLabel]: volume },
    Healthcheck: { Test: ["NONE"] },
    Entrypoint: ["/bin/sh", "-c", script, "sh"],
    Cmd: [mounts.writable ? writable : "", isVolume ? "may be empty" : "", ...command],
    HostConfig: {
      ...HostConfig,
      Binds: [],
      Mounts: [...mounts.readOnly, ...(mounts.writable ? [mounts.writable] : [])],
      // The files are put into it, which Docker refuses where the root is read-only.
      ReadonlyRootfs: false,
      RestartPolicy: { Name: "no" },
      ...trialLimits(HostConfig),
      PortBindings: newBindings(HostConfig.PortBindings, live.HostConfig.PortBindings),
    },
  };
}

/** As {@link helperLimits}, as far as the reader's own do not say otherwise: it has to start as it will run. */
function trialLimits({ SecurityOpt, PidsLimit, Memory }: Docker.HostConfig): Docker.HostConfig {
  const most = Memory || 512 * 1024 * 1024;
  return {
    SecurityOpt: [...new Set([...(SecurityOpt ?? []), "no-new-privileges"])],
    PidsLimit: PidsLimit || 1024,
    Memory: most,
    MemorySwap: most,
    // What it prints is read into memory here.
    LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "1" } },
  };
}

/** All mounts, those of the files out of the way (a helper is found by them), without the volumes that are not there yet: named here, Docker would make them. */
async function readOnlyMounts(docker: Docker, { reader, volume }: Trial, { Binds, Mounts }: Docker.HostConfig) {
  const given: Docker.MountSettings[] = [
    ...(Binds ?? []).map((bind): Docker.MountSettings => {
      const [source = "", target = ""] = bind.split(":");
      return { Type: source.startsWith("/") ? "bind" : "volume", Source: source, Target: target };
    }),
    ...(Mounts ?? []),
  ].map((mount) => (mount.Source === volume ? { ...mount, Target: aside } : mount));
  const present = await Promise.all(
    given.map(
      async ({ Type, Source }) =>
        Type !== "volume" || (await orMissing(docker.getVolume(Source).inspect())) !== undefined,
    ),
  );
  const mounts = given.filter((_, index) => present[index]).map((mount) => ({ ...mount, ...noCopyOf(mount) }));
  const written = mounts.find(({ Target }) => Target === reader.writes);
  return {
    readOnly: mounts.map((mount) => ({ ...mount, ReadOnly: true })),
    writable: written && { ...written, Target: writable, ReadOnly: false },
  };
}

function noCopyOf({ Type }: Docker.MountSettings): Partial<Docker.MountSettings> {
  return Type === "volume" ? { VolumeOptions: { NoCopy: true } as Docker.MountSettings["VolumeOptions"] & object } : {};
}

type Bindings = Record<string, { HostIp?: string; HostPort?: string }[]>;

/**
 * Those that the running container does not hold. Where it holds the same port on another address, both cannot be
 * published at once: any free port tells whether the address is one of the host's.
 */
function newBindings(wanted: Bindings = {}, live: Bindings | undefined): Bindings {
  const held = Object.values(live ?? {}).flat();
  const bindings = Object.entries(wanted).map(([port, list]) => {
    const left = list.flatMap(({ HostIp, HostPort }) => {
      const samePort = held.filter((binding) => binding.HostPort === HostPort);
      if (samePort.some((binding) => (binding.HostIp ?? "") === (HostIp ?? ""))) return [];
      return [{ ...(HostIp === undefined ? {} : { HostIp }), HostPort: samePort.length > 0 ? "" : (HostPort ?? "") }];
    });
    return [port, left] as const;
  });
  return Object.fromEntries(bindings.filter(([, list]) => list.length > 0));
}

function filesFolder({ reader, volume }: Trial): string {
  const mount = objectsOf(reader.container.volumes).find(({ volumeName }) => volumeName === volume);
  const folder = textOf(mount?.containerPath);
  if (folder === undefined) throw new Error(`the container does not mount volume ${volume}`);
  return folder;
}

function placeOf({ container, writes }: Reader): string {
  const bind = objectsOf(container.mounts).find(({ target }) => target === writes);
  const mounted = objectsOf(container.volumes).find(({ containerPath }) => containerPath === writes);
  const volume = textOf(mounted?.volumeName);
  return textOf(bind?.source) ?? (volume === undefined ? (writes ?? "") : `volume ${volume}`);
}
