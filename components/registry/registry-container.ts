import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { dataHostOf } from "../docker-host/data-host.ts";
import { configurationFolder, filesVolumeName, storageFolder } from "../files/layout.ts";
import { VolumeFiles, type VolumeFilesReader } from "../files/volume-files.ts";
import { VolumeOwner } from "../files/volume-owner.ts";
import { containerArguments } from "./container-arguments.ts";
import { defaultsOf } from "./defaults-of.ts";
import { type FilledArguments, filledArguments } from "./filled-arguments.ts";
import { HttpSecret } from "./http-secret.ts";
import { imageReference } from "./image.ts";
import { ProcessLimit } from "./process-limit.ts";
import type { RegistryContainerArgs, RunsAs } from "./registry-container-args.ts";
import type { RegistryDefaults } from "./registry-defaults.ts";
import { registryFiles } from "./registry-files.ts";
import type { RegistryStorage } from "./registry-storage.ts";

/**
 * A registry as one container on one Docker host: hardened, with its whole configuration, certificate and users
 * in a volume of their own, from where the running registry rereads its users.
 *
 * @example
 * ```ts
 * import { RegistryContainer } from "registry-kit";
 *
 * const registry = new RegistryContainer("registry", { name: "registry", port: 5000, options: { readOnly: true } });
 * export const container = registry.containerId;
 * ```
 */
export class RegistryContainer extends pulumi.ComponentResource {
  /** Id of the container; a new one after each replacement. */
  readonly containerId: pulumi.Output<string>;
  /** This registry, as soon as all of its resources are on their way. */
  readonly complete: Promise<RegistryContainer>;
  /** Which defaults its first run gave it. */
  readonly defaults: Promise<RegistryDefaults>;
  /** Name of the volume that holds the images; undefined with a bind mount and with object storage. */
  readonly volume: pulumi.Output<string> | undefined;
  /** Signs the state of uploads; secret. */
  readonly httpSecret: pulumi.Output<string>;

  constructor(name: string, given: RegistryContainerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("registry-kit:index:RegistryContainer", name, {}, opts);
    const child = { parent: this };
    const args = filledArguments(name, given);
    const image = new docker.RemoteImage(
      `${name}-image`,
      { name: imageReference(args.image), keepLocally: true },
      child,
    );
    const secret = new HttpSecret(`${name}-http-secret`, { generation: args.httpSecretGeneration ?? 1 }, child);
    const labels = volumeLabels(args.volumeLabels ?? {});
    const data = "volume" in args.storage ? dataVolume(`${name}-data`, args.storage.volume, labels, child) : undefined;
    // Derived data: it goes with the registry.
    const filesVolume = new docker.Volume(`${name}-files`, { name: filesOf(args), ...labels }, child);
    const { runsAs } = args;
    const parts = {
      image: image.imageId,
      httpSecret: secret.value,
      files: filesVolume.name,
      data: data?.name,
      volume: data,
    };
    this.defaults = defaultsOf(secret);
    const container = runsAs
      ? this.defaults.then((defaults) => runningParts(name, args, parts, runsAs(defaults), child))
      : runningParts(name, args, parts, { user: args.container.user ?? "0:0", networks: [] }, child);

    this.complete = Promise.resolve(container).then(() => this);
    this.containerId = pulumi.output(container).id;
    this.volume = data?.name;
    this.httpSecret = secret.value;
    this.registerOutputs({ containerId: this.containerId, volume: this.volume, httpSecret: this.httpSecret });
  }
}

interface Parts {
  image: pulumi.Output<string>;
  httpSecret: pulumi.Output<string>;
  files: pulumi.Output<string>;
  data: pulumi.Output<string> | undefined;
  /** The volume with the images. */
  volume: docker.Volume | undefined;
}

/** What is made for a user: the files, the volume's owner, the container. */
function runningParts(
  name: string,
  args: FilledArguments,
  { image, httpSecret, files: filesVolume, data, volume }: Parts,
  { user: wanted, keepsOwner = false, networks }: RunsAs,
  child: { parent: RegistryContainer },
): docker.Container {
  const host = args.dockerHost ? { dockerHost: args.dockerHost } : {};
  const onDataHost = dataHostOf(args.dataHost);
  const owner = ownerOf(wanted);
  const owned =
    data && owner.uid !== 0
      ? new VolumeOwner(
          `${name}-data-owner`,
          { ...host, volume: data, image, owner, folder: "docker", ...(keepsOwner ? { keepsOwner } : {}) },
          child,
        )
      : undefined;
  const user = owned && keepsOwner ? owned.holder : wanted;
  const before = owned ?? volume;
  const files = new VolumeFiles(
    `${name}-configuration`,
    {
      ...host,
      volume: filesVolume,
      image,
      owner: pulumi.output(user).apply(ownerOf),
      files: registryFiles(args, httpSecret, configurationFolder),
      reader: readerOf(args, user, networks),
      ...onDataHost.args,
    },
    // A volume that the user can't write must be found before the files are another user's: the old container reads them still.
    { ...child, ...onDataHost.opts, ...(before ? { dependsOn: before } : {}) },
  );
  const container = new docker.Container(
    name,
    containerArguments(args, { image, files: filesVolume, data, user, networks }),
    {
      ...child,
      // The name and the port can be owned by one container only.
      deleteBeforeReplace: true,
      // Docker fixes it when it makes a container, and the provider plans an update that does nothing.
      replaceOnChanges: ["healthcheck"],
      // The files must be there before it starts.
      dependsOn: owned ? [files, owned] : files,
    },
  );
  const limit = args.container.processes;
  new ProcessLimit(`${name}-process-limit`, { ...host, container: container.id, limit }, child);
  return container;
}

/** Name of the volume with the configuration. */
function filesOf({ name }: FilledArguments): pulumi.Output<string> {
  return pulumi.output(name).apply(filesVolumeName);
}

function dataVolume(
  name: string,
  { name: volume, driver, driverOptions, keep = true }: Extract<RegistryStorage, { volume: unknown }>["volume"],
  labels: Pick<docker.VolumeArgs, "labels">,
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  const options = { ...opts, retainOnDelete: keep, deleteBeforeReplace: true };
  return new docker.Volume(
    name,
    { name: volume, ...(driver ? { driver } : {}), ...(driverOptions ? { driverOpts: driverOptions } : {}), ...labels },
    options,
  );
}

function volumeLabels(labels: Record<string, string>): Pick<docker.VolumeArgs, "labels"> {
  const entries = Object.entries(labels).toSorted(([a], [b]) => a.localeCompare(b));
  return entries.length > 0 ? { labels: entries.map(([label, value]) => ({ label, value })) } : {};
}

/** The container as it is going to be, for the trial before a running one is touched. */
function readerOf(
  args: FilledArguments,
  user: pulumi.Input<string>,
  networks: pulumi.Input<string>[],
): VolumeFilesReader {
  const { storage, options } = args;
  const parts = { image: "", files: filesOf(args), data: undefined, user, networks };
  const { image: _, ...container } = containerArguments(args, parts);
  // What is read only may be in a folder that nobody can write.
  const writes = "objects" in storage || options.readOnly ? {} : { writes: storageFolder };
  return { container, ready: "listening on ", ...writes, ...keptBy(args) };
}

/** What is cached can be had again, and with a device of its own the images are not in the volume. */
function keptBy({ storage, upstream }: FilledArguments): Pick<VolumeFilesReader, "keeps"> {
  if (!("volume" in storage) || upstream || storage.volume.driverOptions?.device) return {};
  const { name: volume, driver } = storage.volume;
  return { keeps: { volume, ...(driver ? { driver } : {}) } };
}

function ownerOf(user: string): { uid: number; gid: number } {
  const [uid = 0, gid = 0] = user.split(":").map(Number);
  return { uid, gid };
}
