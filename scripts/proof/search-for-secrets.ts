import { failed, type Outcome, passed, skipped } from "./check.ts";
import { messageOf } from "./explain-daemon-error.ts";
import { findSecrets, isTooShort } from "./find-secrets.ts";
import type { ProofTarget } from "./proof-target.ts";

/** Looks for every secret of a registry in what an inspection tells; `what` was inspected, for messages. */
export async function searchForSecrets(
  target: ProofTarget,
  what: string,
  inspect: () => Promise<unknown>,
): Promise<Outcome> {
  const secrets = [...new Set([...target.secrets, ...target.users.map(({ password }) => password)])];
  if (secrets.length === 0) return skipped("no secret known that could be looked for");
  // As HTTP clients send them: in base64 together with the name.
  const credentials = target.users.map(({ name, password }) => `${name}:${password}`);
  let document: unknown;
  try {
    document = await inspect();
  } catch (error) {
    return failed(`${what} cannot be inspected: ${messageOf(error)}`);
  }
  const places = findSecrets(document, [...secrets, ...credentials]);
  if (places.length > 0) {
    return failed(`a secret is readable at ${places.join(", ")}; pass it in a file (upload or Docker secret)`);
  }
  const short = secrets.filter(isTooShort).length;
  const passedOver = short > 0 ? ` (${short} too short to be looked for)` : "";
  return passed(`none of ${secrets.length} secrets readable${passedOver}`);
}
