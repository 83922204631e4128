import { parseJson } from "../../lib/protocol/parse-json.ts";
import type { EncryptedDeployment } from "./checkpoint.ts";

/**
 * The deployment with what the journal says of it. A last line that is torn was not on disk when the run was killed: nothing was
 * begun on the strength of it.
 * @param id of the journal that the state names.
 * @param origin where the journal is from; named in errors.
 */
export function replayJournal(
  deployment: EncryptedDeployment,
  id: string,
  text: string | undefined,
  origin: string,
): EncryptedDeployment {
  const refuse = (problem: string): never => {
    throw new Error(
      `The last run of the stack was stopped, and its journal ${origin} ${problem}. Without it, nobody knows what that run created. ` +
        'Put the journal back. If it is lost, "stack import" puts another state in place: compare that with what is really there.',
    );
  };
  const lines = text?.split("\n").slice(0, -1) ?? refuse("is missing");
  const parseLine = (line = "") => parseJson(line) as Record<string, unknown> | undefined;
  const header = parseLine(lines[0]);
  if (header?.journal !== id) refuse("is that of another run");
  if (header?.version !== 1) refuse(`has version ${header?.version}, this engine knows 1`);
  const places: Record<string, Map<string, unknown>> = { n: new Map(), o: new Map(), p: new Map() };
  const set = (key: string, value: unknown) => {
    const place = places[key.charAt(0)] ?? refuse(`has the unknown entry "${key}"`);
    if (value === null) place.delete(key);
    else place.set(key, value);
  };
  for (const [index, state] of (deployment.resources ?? []).entries()) set(`o${index}`, state);
  for (const [index, operation] of (deployment.pending_operations ?? []).entries()) set(`p${index}`, operation);
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const changes = parseLine(line) ?? (index === lines.length - 1 ? {} : refuse(`is damaged in line ${index + 1}`));
    for (const [key, value] of Object.entries(changes)) set(key, value);
  }
  const { n, o, p } = places as Record<"n" | "o" | "p", Map<string, unknown>>;
  const { resources: _, pending_operations: __, ...rest } = deployment;
  const [resources, pending] = [[...n.values(), ...o.values()], [...p.values()]];
  return {
    ...rest,
    ...(resources.length > 0 && { resources }),
    ...(pending.length > 0 && { pending_operations: pending }),
  } as EncryptedDeployment;
}
