import type Docker from "dockerode";
import type { PropertyMap, PropertyValue } from "../../protocol/property-value.ts";
import { given, isTrue, labelsOf, mapOf, numberOf, objectOf, objectsOf, textOf, toLabels } from "../common/values.ts";

/** `mounts` as Docker takes them; undefined where there are none. */
export function mountsOf(value: PropertyValue | undefined): Docker.MountSettings[] | undefined {
  const mounts = objectsOf(value).map((mount) => {
    const type = textOf(mount.type);
    return given({
      Type: type,
      Target: textOf(mount.target),
      Source: textOf(mount.source),
      ReadOnly: isTrue(mount.readOnly),
      BindOptions: type === "bind" ? bindOptions(objectOf(mount.bindOptions)) : undefined,
      VolumeOptions: type === "volume" ? volumeOptions(objectOf(mount.volumeOptions)) : undefined,
      TmpfsOptions: type === "tmpfs" ? tmpfsOptions(objectOf(mount.tmpfsOptions)) : undefined,
    });
  });
  return mounts.length > 0 ? (mounts as unknown as Docker.MountSettings[]) : undefined;
}

function bindOptions(options: PropertyMap | undefined) {
  return options && given({ Propagation: textOf(options.propagation) });
}

/** Also for the mounts of a service. */
export function volumeOptions(options: PropertyMap | undefined) {
  if (!options) return undefined;
  const driver = given({
    Name: textOf(options.driverName),
    Options: options.driverOptions ? mapOf(options.driverOptions) : undefined,
  });
  return given({
    NoCopy: isTrue(options.noCopy),
    Labels: labelsOf(options.labels),
    DriverConfig: Object.keys(driver).length > 0 ? driver : undefined,
    Subpath: textOf(options.subpath) || undefined,
  });
}

export function tmpfsOptions(options: PropertyMap | undefined) {
  return options && given({ SizeBytes: numberOf(options.sizeBytes), Mode: numberOf(options.mode) });
}

/** The mounts that Docker tells of, under the names of the inputs. */
export function mountOutputs(mounts: Docker.MountSettings[] | undefined): PropertyMap[] {
  return (mounts ?? []).map((mount) => {
    const { BindOptions, TmpfsOptions } = mount as { BindOptions?: Options; TmpfsOptions?: Options };
    const options = (mount as { VolumeOptions?: VolumeOptions }).VolumeOptions;
    return {
      target: mount.Target,
      source: mount.Source ?? "",
      type: mount.Type,
      readOnly: mount.ReadOnly ?? false,
      ...(BindOptions ? { bindOptions: { propagation: BindOptions.Propagation ?? "" } } : {}),
      ...(TmpfsOptions
        ? { tmpfsOptions: { sizeBytes: TmpfsOptions.SizeBytes ?? 0, mode: TmpfsOptions.Mode ?? 0 } }
        : {}),
      ...(options ? { volumeOptions: volumeOptionsOutput(options) } : {}),
    };
  });
}

export function volumeOptionsOutput(options: VolumeOptions): PropertyMap {
  return {
    noCopy: options.NoCopy ?? false,
    labels: toLabels(options.Labels),
    driverName: options.DriverConfig?.Name ?? "",
    driverOptions: options.DriverConfig?.Options ?? {},
    ...(options.Subpath ? { subpath: options.Subpath } : {}),
  };
}

type Options = Record<string, string | number>;

export interface VolumeOptions {
  NoCopy?: boolean;
  Labels?: Record<string, string>;
  DriverConfig?: { Name?: string; Options?: Record<string, string> };
  Subpath?: string;
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
  return { binds: binds.length > 0 ? binds : undefined, from: from.length > 0 ? from : undefined, anonymous };
}
