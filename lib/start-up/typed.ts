import { isClone } from "./is-clone.ts";

/**
 * What a user types to run a command of the kit: `npm run up -- --stack dev` in a clone, `npx registry-kit up --stack dev` with the
 * package.
 * @param rest options and arguments as they are typed; "" or nothing: none
 */
export function typed(command: string, rest = ""): string {
  const words = isClone ? ["npm run", command, ...(rest ? ["--"] : [])] : ["npx registry-kit", command];
  return [...words, rest].filter(Boolean).join(" ");
}
