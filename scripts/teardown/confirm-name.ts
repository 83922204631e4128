import { createInterface } from "node:readline/promises";
import { UserError } from "../user-error.ts";

/**
 * Has the stack's name typed before its data is deleted.
 *
 * @throws {UserError} where the answer is another one, or nobody can be asked
 */
export async function confirmName(stack: string, question: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError(`Nothing was touched: nobody can be asked here. ${question} Add --yes to agree beforehand.`);
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(`${question} Type the stack's name to agree: `);
    if (answer.trim() !== stack) throw new UserError("Nothing was touched: that is not its name.");
  } finally {
    reader.close();
  }
}
