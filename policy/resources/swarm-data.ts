import type { Resource } from "./resource.ts";

/** The text of a swarm config or secret; undefined where it is not known yet. */
export function swarmData({ properties: { data, dataRaw } }: Resource): string | undefined {
  if (typeof dataRaw === "string" && dataRaw !== "") return dataRaw;
  return typeof data === "string" ? Buffer.from(data, "base64").toString() : undefined;
}
