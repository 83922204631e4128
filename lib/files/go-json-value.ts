/**
 * A key of an object as Go's encoding/json finds it, by which the docker command and the Pulumi CLI read their files: whatever its
 * case, and the last one counts. Undefined: there is none, or no object.
 */
export function goJsonValue(object: unknown, key: string): unknown {
  if (typeof object !== "object" || object === null) return undefined;
  const entries: [string, unknown][] = Object.entries(object);
  return entries.findLast(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}
