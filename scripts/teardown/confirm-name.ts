import { ask, canAsk } from "../ask.ts";
import { UserError } from "../user-error.ts";

/**
 * Has the stack's name typed before its data is deleted.
 *
 * @throws {UserError} where the answer is another one, or nobody can be asked
 */
export async function confirmName(stack: string, question: string): Promise<void> {
  if (!canAsk()) {
    throw new UserError(`Nothing was touched: nobody can be asked here. ${question} Add --yes to agree beforehand.`);
  }
  const answer = await ask(`${question} Type the stack's name to agree:`);
  if (answer?.trim() !== stack) throw new UserError("Nothing was touched: that is not its name.");
}
