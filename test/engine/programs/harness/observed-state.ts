import { openStack } from "../../../../engine/stack/open-stack.ts";
import { CheckpointWriter } from "../../../../engine/state/checkpoint.ts";
import { plainSecrets } from "../../../../engine/state/secret-values.ts";
import { isProviderType, nameOf } from "../../../../lib/protocol/urn.ts";
import type { ProgramFolder } from "./program-folder.ts";

/** Where the program stands and when it ran; what the kit's engine does not write. */
const leftOut = ["created", "modified", "sourcePosition", "stackTrace"];

/** The state of a folder, whichever engine wrote it. */
export async function observeFolder(folder: ProgramFolder): Promise<Record<string, unknown>[]> {
  try {
    return await observe(folder);
  } catch {
    return []; // settings that cannot be read at all: nothing was ever made with them
  }
}

async function observe(folder: ProgramFolder): Promise<Record<string, unknown>[]> {
  const stack = await openStack({
    projectDirectory: folder.path,
    stack: "dev",
    environment: folder.environment,
    backendUrl: `file://${folder.state}`,
  });
  const { deployment } = await stack.load();
  const writer = new CheckpointWriter(plainSecrets, "", "");
  return observedState(deployment.resources.map((resource) => JSON.parse(writer.renderItem(resource))));
}

/** Resources of a state without ids and times that each engine makes up, in the order of their URNs. */
function observedState(resources: Record<string, unknown>[]): Record<string, unknown>[] {
  const ids = new Map<string, string>();
  for (const { urn, type, id } of resources)
    if (isProviderType(String(type)) && typeof id === "string") ids.set(id, `id of ${nameOf(String(urn))}`);
  const observed = resources.map((resource) => {
    const fields = Object.entries(resource).filter(([key]) => !leftOut.includes(key));
    return Object.fromEntries(fields.map(([key, value]): [string, unknown] => [key, readable(key, value, ids)]).sort());
  });
  const place = (resource: Record<string, unknown>) => `${resource.urn} ${resource.delete ?? false} ${resource.id}`;
  return observed.sort((a, b) => place(a).localeCompare(place(b), "en"));
}

function readable(key: string, value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return [...ids].reduce((text, [id, name]) => text.replaceAll(id, name), value);
  if (key === "dependencies" && Array.isArray(value)) return value.toSorted();
  if (key === "propertyDependencies")
    return Object.fromEntries(
      Object.entries(value as Record<string, string[]>)
        .filter(([, urns]) => urns.length > 0)
        .map(([name, urns]): [string, string[]] => [name, urns.toSorted()])
        .sort(),
    );
  return sorted(value);
}

/** With its keys in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]): [string, unknown] => [key, sorted(inner)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
