import type { Settings } from "../settings/settings.ts";

/** Name of a cache's container. */
export function cacheContainerName({ name }: Pick<Settings, "name">, cache: string): string {
  return `${name}-${cache}`;
}
