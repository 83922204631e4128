import type Docker from "dockerode";
import type { PropertyMap, PropertyValue } from "../../../lib/protocol/property-value.ts";
import {
  isTrue,
  labelsOf,
  mapOf,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  toLabels,
} from "../../../lib/protocol/values.ts";
import { filled, given } from "../common/given.ts";

/** `mounts` as Docker takes them; undefined where there are none. Options of another type of mount do not count. */
export function mountsOf(value: PropertyValue | undefined): Docker.MountSettings[] | undefined {
  return filled(objectsOf(value).map((mount) => mountOf(mount, [textOf(mount.type)])));
}

/** Also for the mounts of a service. @param types whose options are passed on. */
export function mountOf(mount: PropertyMap, types: (string | undefined)[] = ["bind", "volume", "tmpfs"]) {
  const options = (type: string) => (types.includes(type) ? objectOf(mount[`${type}Options`]) : undefined);
  const [bind, volume, tmpfs] = [options("bind"), options("volume"), options("tmpfs")];
  return given({
    Type: textOf(mount.type),
    Target: textOf(mount.target),
    Source: textOf(mount.source),
    ReadOnly: isTrue(mount.readOnly),
    BindOptions: bind && given({ Propagation: textOf(bind.propagation) }),
    VolumeOptions: volume && volumeOptions(volume),
    TmpfsOptions: tmpfs && given({ SizeBytes: numberOf(tmpfs.sizeBytes), Mode: numberOf(tmpfs.mode) }),
  }) as unknown as Docker.MountSettings;
}

function volumeOptions(options: PropertyMap) {
  const driver = given({
    Name: textOf(options.driverName),
    Options: options.driverOptions ? mapOf(options.driverOptions) : undefined,
  });
  return given({
    NoCopy: isTrue(options.noCopy),
    Labels: labelsOf(options.labels),
    DriverConfig: filled(driver),
    Subpath: textOf(options.subpath) || undefined,
  });
}

/** The mounts that Docker tells of, under the names of the inputs. */
export function mountOutputs(mounts: Docker.MountSettings[] = []): PropertyMap[] {
  return mounts.map(({ BindOptions: bind, TmpfsOptions: tmpfs, VolumeOptions: volume, ...mount }) => ({
    target: mount.Target,
    source: mount.Source ?? "",
    type: mount.Type,
    readOnly: mount.ReadOnly ?? false,
    ...(bind && { bindOptions: { propagation: bind.Propagation ?? "" } }),
    ...(tmpfs && { tmpfsOptions: { sizeBytes: tmpfs.SizeBytes ?? 0, mode: tmpfs.Mode ?? 0 } }),
    ...(volume && {
      volumeOptions: {
        noCopy: volume.NoCopy ?? false,
        labels: toLabels(volume.Labels),
        driverName: volume.DriverConfig?.Name ?? "",
        driverOptions: volume.DriverConfig?.Options ?? {},
        ...(volume.Subpath && { subpath: volume.Subpath }),
      },
    }),
  }));
}

/** `volumes`, the older way to say mounts, as Docker takes them. */
export function volumesOf(value: PropertyValue | undefined): {
  binds: string[] | undefined;
  from: string[] | undefined;
  anonymous: Record<string, object>;
} {
  const binds: string[] = [];
  const from: string[] = [];
  const anonymous: Record<string, object> = {};
  for (const volume of objectsOf(value)) {
    const container = textOf(volume.fromContainer);
    const path = textOf(volume.containerPath);
    const source = textOf(volume.hostPath) || textOf(volume.volumeName);
    if (container) from.push(container);
    else if (path) {
      anonymous[path] = {};
      const mode = [isTrue(volume.readOnly) ? "ro" : "rw", textOf(volume.selinuxRelabel)].filter(Boolean).join(",");
      if (source) binds.push(`${source}:${path}:${mode}`);
    }
  }
  return { binds: filled(binds), from: filled(from), anonymous };
}
