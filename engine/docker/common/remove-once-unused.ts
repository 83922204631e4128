import { orMissing } from "../../../lib/docker/docker-error.ts";
import { waitUntil } from "../../../lib/time/wait-until.ts";

/**
 * Removes an object; while others still use it, tries again for up to 30 seconds, as a container that is just being
 * removed lets go of its networks and volumes a moment later.
 * @param isBusy whether a refusal means that it is still in use.
 */
export async function removeOnceUnused(
  remove: () => Promise<unknown>,
  isBusy: (error: unknown) => boolean,
): Promise<void> {
  let refusal: unknown;
  const isRemoved = async () => {
    try {
      await orMissing(remove());
      return true;
    } catch (error) {
      if (!isBusy(error)) throw error;
      refusal = error;
      return undefined;
    }
  };
  if (!(await waitUntil(isRemoved, { within: 30_000, every: 1000 }))) throw refusal;
}
