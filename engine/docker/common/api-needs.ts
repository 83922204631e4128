import { isObject, type PropertyMap } from "../../../lib/protocol/property-value.ts";
import type { CheckFailure } from "../../../lib/provider/lifecycle.ts";
import type { Connection } from "./connection.ts";
import { type Fields, isBlank } from "./fields.ts";

/** The Docker releases that brought the APIs; source: https://docs.docker.com/reference/api/engine/#api-version-matrix. */
const releases: Record<string, string> = { "1.44": "25", "1.45": "26", "1.48": "28" };

/** Inputs that the daemon is too old for. Where none answers, nothing is said: the next request finds out. */
export async function apiProblems(
  fields: Fields,
  inputs: PropertyMap,
  connection: Connection,
): Promise<CheckFailure[]> {
  const needs = apiNeeds(fields, inputs);
  if (needs.length === 0) return [];
  const api = await connection.apiVersion().catch(() => undefined);
  if (api === undefined) return [];
  return needs
    .filter(({ needed }) => minor(needed) > minor(api))
    .map(({ property, needed }) => ({
      property,
      reason: `needs Docker ${releases[needed]} (API ${needed}), and this daemon has API ${api}, which ignores it. Leave it out, or update Docker.`,
    }));
}

function apiNeeds(fields: Fields, inputs: PropertyMap, path = ""): { property: string; needed: string }[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const value = inputs[key];
    if (isBlank(value) || value === field.default) return [];
    const property = path ? `${path}.${key}` : key;
    const inner = (field.element ?? field).fields ?? {};
    const items = Array.isArray(value) ? value : [value];
    return [
      ...(field.api ? [{ property, needed: field.api }] : []),
      ...items.flatMap((item, i) =>
        isObject(item) ? apiNeeds(inner, item, Array.isArray(value) ? `${property}[${i}]` : property) : [],
      ),
    ];
  });
}

function minor(api: string): number {
  return Number(api.split(".")[1]);
}
