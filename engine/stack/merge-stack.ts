import { locateStack, type StackOptions } from "./open-stack.ts";

/**
 * Puts what a killed run did into the state, and removes its lock: from then on the Pulumi CLI can continue with the stack.
 * @returns whether there was such a run.
 * @throws where the run goes on, or its journal cannot be read. Nothing was changed then.
 */
export async function mergeStack(options: StackOptions, warn: (message: string) => void): Promise<boolean> {
  const { file } = await locateStack(options);
  if (!file.isUnfinished) return false;
  const lock = await file.lock(warn);
  try {
    await file.removeDrafts();
    await file.merge();
  } finally {
    await lock.release();
  }
  return true;
}
