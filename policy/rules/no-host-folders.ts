import { sensitiveFolder } from "../../components/registry/sensitive-folder.ts";
import { type VolumeSource, volumeFolders } from "../../components/registry/volume-folders.ts";
import type { Resource } from "../resources/resource.ts";
import type { ResourceRule } from "../resources/rule.ts";
import { isProperties, objects, textOf, type Value } from "../resources/value.ts";
import { workloadOf } from "../resources/workload.ts";

/** CIS Docker Benchmark 5.6 (5.5 in older editions) and 5.32 (5.31). */
export const noHostFolders: ResourceRule = {
  name: "no-host-folders",
  description:
    "No container may have folders of the host's system, or the Docker socket: anyone who breaks into it would have the host.",
  level: "mandatory",
  check(resource) {
    return foldersOf(resource).flatMap((path) => {
      const reason = sensitiveFolder(path);
      return reason ? [`It shows ${path}, ${reason}. Mount a volume, or a folder for its data alone.`] : [];
    });
  },
};

/** What a container, a service or a volume shows of the host; nothing where it is not known yet. */
function foldersOf(resource: Resource): string[] {
  if (resource.type === "docker:index/volume:Volume") {
    const { driver, driverOpts } = resource.properties;
    return volumeFolders(sourceOf(driver, driverOpts));
  }
  const workload = workloadOf(resource);
  if (!workload) return [];
  const binds = workload.mounts.flatMap(({ type, source }) => (type === "bind" ? (textOf(source) ?? []) : []));
  // A service's mount makes its volume itself, with options of its own.
  const made = objects(workload.container.mounts).flatMap(({ volumeOptions }) =>
    isProperties(volumeOptions) ? volumeFolders(sourceOf(volumeOptions.driverName, volumeOptions.driverOptions)) : [],
  );
  return [...binds, ...made];
}

function sourceOf(driver: Value | undefined, options: Value | undefined): VolumeSource {
  const texts = isProperties(options) ? Object.entries(options).map(([key, value]) => [key, textOf(value) ?? ""]) : [];
  return { driver: textOf(driver), driverOptions: Object.fromEntries(texts) };
}
