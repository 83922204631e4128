import { z } from "zod";

/** The machine that a volume or a folder is on: under the same name, another machine has another one. */
export const dataHost = z.strictObject({
  id: z.string().min(1).describe("The engine's own id; where only its swarm can be asked for it, that of its node."),
  nodeId: z.string().min(1).optional().describe("Of a service whose constraints lead to it: the id of its node."),
  name: z.string().min(1).describe("Its host name."),
  place: z.string().min(1).describe("volume registry-data, or folder /srv/images."),
  confirmed: z.string().optional().describe("Name or id of the machine that the user says it is on."),
});

export type DataHost = z.infer<typeof dataHost>;

const settingOf = (place: string) => (place.startsWith("folder ") ? "storage.bindMount.host" : "storage.volume.host");

/** Why data would be left behind on another machine, with what to do; undefined: it would not. @param old what the last run had */
export function movedData(now: DataHost, old: DataHost | undefined): string | undefined {
  const { id, name, place, confirmed } = now;
  const setting = settingOf(place);
  if (confirmed !== undefined) {
    if ([id, name].includes(confirmed)) return undefined;
    return `is ${name}, and ${setting} says that the images are on ${confirmed}. Lead docker.url (for a service, service.placement.constraints) there, or set ${setting} to ${name}.`;
  }
  if (!old || isSameMachine(old, now) || old.place !== place) return undefined;
  const [here, there] = old.name === name ? [`${name} (${id})`, `${name} (${old.id})`] : [name, old.name];
  const word = old.name === name ? id : name;
  return (
    `is ${here} now, and the images of the last run are on ${there}: the registry would start without them. Lead docker.url (for a service, ` +
    `service.placement.constraints) back to ${there}; or copy the ${place} to ${here}, or do without those images, and set ${setting} to ${word}.`
  );
}

function isSameMachine(a: DataHost, b: DataHost): boolean {
  return a.id === b.id || (a.nodeId !== undefined && a.nodeId === b.nodeId);
}

/**
 * As a resource takes it. While there is nobody to ask, what the state has stands.
 * @param stays whether the data stay where they were first, no matter who is asked now
 */
export function dataHostOf(data: DataHost | "unknown" | undefined, stays = false) {
  return {
    args: data === undefined || data === "unknown" ? {} : { dataHost: data },
    opts: data === "unknown" || stays ? { ignoreChanges: ["dataHost"] } : {},
  };
}
