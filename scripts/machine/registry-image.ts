import type Docker from "dockerode";
import { loadImageArchive } from "./image-archive.ts";
import { pullImage } from "./image-pull.ts";
import type { PrerequisiteOptions, Report } from "./prerequisite.ts";
import { buildRegistryImage } from "./registry-image-build.ts";
import { registryModule } from "./registry-program.ts";
import { compareVersions } from "./versions.ts";

/** Earlier releases of distribution have known vulnerabilities; each of 3.1.0, 3.1.1 and 3.1.2 closed some. */
export const minimumRegistryVersion = "3.1.2";

export interface RegistryImageOptions extends PrerequisiteOptions {
  docker: Docker;
  /** The image as the registry's container names it: `registry:3.1.2`, with a digest where one is pinned. */
  image: string;
  /** A file written by `docker save`, for hosts that can pull nothing; may be gzipped. */
  archive?: string | undefined;
  /** How a user names that file, for messages: the key in the stack's settings. */
  archiveSetting: string;
  /** `<project>/.cache`: what a build leaves for the next one. */
  cacheDirectory: string;
}

export interface RegistryImage {
  /** `sha256:...` of the image's configuration. */
  id: string;
  source: "present" | "pulled" | "loaded" | "built";
}

/**
 * Makes sure that the Docker host has the registry's image: present, else pulled, else loaded from an archive, else built
 * from the public Go module. Everything goes through the Docker API, so the host may be another machine.
 *
 * @throws when no way worked: with each way, why it failed and what would make it work
 */
export async function ensureRegistryImage(report: Report, options: RegistryImageOptions): Promise<RegistryImage> {
  const { docker, image } = options;
  const present = await imageId(docker, image);
  if (present) {
    report(`Registry image: ${image}, present`, "detail");
    return { id: present, source: "present" };
  }
  const failures: string[] = [];
  for (const { name, source, advice, attempt } of options.install ? ways(report, options) : []) {
    const start = performance.now();
    if (!attempt) {
      failures.push(`  - ${name}: none is named\n    ${advice}`);
      continue;
    }
    try {
      const how = await attempt();
      const id = await imageId(docker, image);
      if (!id) throw new Error(`the Docker host still has no ${image}`);
      report(`Registry image: ${image}, ${how} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
      return { id, source };
    } catch (error) {
      const reason = (error as Error).message.trim();
      report(`Registry image: ${name} failed: ${reason.split("\n")[0]}`);
      failures.push(`  - ${name}: ${reason}\n    ${advice}`);
    }
  }
  const tried = options.install ? failures : ways(report, options).map(({ name, advice }) => `  - ${name}: ${advice}`);
  throw new Error(
    [
      `Registry image: ${image} is not on the Docker host. The ways to get it${options.install ? ", and why each failed" : ""}:`,
      `  - present: docker tag, or docker load, an image as ${image} on the Docker host`,
      ...tried,
    ].join("\n"),
  );
}

interface Way {
  name: string;
  source: RegistryImage["source"];
  /** What the user can do to make this way work. */
  advice: string;
  /** Gets the image and says how, or throws why not; undefined where the settings name nothing to try. */
  attempt: (() => Promise<string>) | undefined;
}

function ways(report: Report, options: RegistryImageOptions): Way[] {
  const { docker, image, archive, archiveSetting } = options;
  return [
    {
      name: "pull",
      source: "pulled",
      advice: `give the Docker host a way to the image's registry (docker pull ${image}), or name a mirror's image in the settings`,
      attempt: async () => {
        report(`Registry image: pulling ${image}`);
        await pullImage(docker, image);
        return "pulled";
      },
    },
    {
      name: "archive",
      source: "loaded",
      advice: `where the image is: docker save -o registry.tar ${image}; here: ${archiveSetting}: registry.tar`,
      attempt:
        archive === undefined
          ? undefined
          : async () => {
              await loadImageArchive(docker, archive, image);
              return `loaded from ${archive}`;
            },
    },
    {
      name: "build",
      source: "built",
      advice: `install Go 1.21 or newer and a static busybox (Debian, Ubuntu: apt-get install golang-go busybox-static), and let Go reach a module proxy (GOPROXY) for ${registryModule}`,
      attempt: () => buildRegistryImage(report, { ...options, version: versionToBuild(image) }),
    },
  ];
}

/** The release that a tag such as `3.1.2` names; for tags that move (`3`, `latest`) the oldest that is allowed. */
export function versionToBuild(image: string): string {
  if (image.includes("@")) throw new Error("the image is pinned by digest, which only a pull or an archive can give");
  const version = /:v?(\d+\.\d+\.\d+(-[\w.]+)?)$/.exec(image)?.[1] ?? minimumRegistryVersion;
  if (compareVersions(version, minimumRegistryVersion) >= 0) return version;
  throw new Error(`${version} has known vulnerabilities, the oldest that is built is ${minimumRegistryVersion}`);
}

async function imageId(docker: Docker, image: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(image).inspect()).Id;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}
