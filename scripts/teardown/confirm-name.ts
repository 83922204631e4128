import { ask, canAsk } from "../terminal/ask.ts";
import { UserError } from "../terminal/user-error.ts";

/**
 * Has the stack's name typed before its data is deleted.
 *
 * @param goes what is deleted: `stack "dev" and its state`
 * @throws {UserError} if the answer is another one, or there is no terminal to ask on
 */
export async function confirmName(stack: string, goes: string): Promise<void> {
  if (!canAsk()) {
    throw new UserError(
      `Nothing was changed: to delete ${goes}, you must confirm it, and there is no terminal to ask on. To confirm in advance, add --yes.`,
    );
  }
  const answer = await ask(`This deletes ${goes}. Type the stack's name to agree:`);
  if (answer?.trim() !== stack) throw new UserError("Nothing was changed: that is not its name.");
}
