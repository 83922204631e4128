/**
 * Name of a cache's volume: `mirror-hub-registry-1.docker.io`. The upstream is a part of it, as a cache would serve what it
 * had from one upstream as if it came from another.
 */
export function cacheVolumeName(container: string, upstreamUrl: string): string {
  const place = new URL(upstreamUrl).host.replace(/[^\w.-]+/g, "-").replace(/^-|-$/g, "");
  return `${container}-${place}`;
}
