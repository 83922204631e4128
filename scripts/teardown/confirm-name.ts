import { ask, canAsk } from "../terminal/ask.ts";
import { UserError } from "../terminal/user-error.ts";

/**
 * Has the stack's name typed before its data is deleted.
 *
 * @throws {UserError} if the answer is another one, or there is no terminal to ask on
 */
export async function confirmName(stack: string, question: string): Promise<void> {
  if (!canAsk()) {
    throw new UserError(
      `Nothing was changed. ${question} This needs confirmation, and there is no terminal to ask on. To confirm in advance, add --yes.`,
    );
  }
  const answer = await ask(`${question} Type the stack's name to agree:`);
  if (answer?.trim() !== stack) throw new UserError("Nothing was changed: that is not its name.");
}
