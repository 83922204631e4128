import { execFileSync } from "node:child_process";

/**
 * Removes all that a stack made on the local Docker engine, by the name of its registry: containers, helpers, networks and volumes,
 * also the one with the images, and images that were tagged for one of the ports.
 */
export function removeStackObjects(name: string, ports: Iterable<number>): void {
  const places = [...ports].flatMap((port) => [`127.0.0.1:${port}/`, `localhost:${port}/`]);
  const images = docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").filter((image) =>
    places.some((place) => image.startsWith(place)),
  );
  const owned = docker("ps", "-aq", "--filter", `label=io.registry-kit.registry=${name}`);
  const helpers = docker("ps", "-aq", "--filter", `label=io.registry-kit.helper-for-volume=${name}-files`);
  // Of stacks that were derived from it.
  const derived = docker("ps", "-aq", "--filter", `name=${name}`);
  const containers = [...new Set([...owned, ...helpers, ...derived])];
  if (containers.length > 0) docker("rm", "--force", "--volumes", ...containers);
  if (images.length > 0) docker("image", "rm", "--force", ...images);
  const networks = docker("network", "ls", "-q", "--filter", `name=${name}`);
  if (networks.length > 0) docker("network", "rm", ...networks);
  const volumes = docker("volume", "ls", "-q", "--filter", `name=${name}`);
  if (volumes.length > 0) docker("volume", "rm", "--force", ...volumes);
}

/** The lines that the docker command prints; none where it fails. */
function docker(...args: string[]): string[] {
  try {
    const text = execFileSync("docker", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 30_000,
    });
    return text.split("\n").filter((line) => line !== "");
  } catch {
    return [];
  }
}
