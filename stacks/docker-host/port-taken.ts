import type { Problem } from "../../lib/validation/describe-issues.ts";

/** The problem of a port that something else has. @param owner in words: `container web` */
export function portTaken(port: number, owner: string): Problem {
  return { path: "port", reason: `is ${port}, which ${owner} uses already. Choose another port, or stop it.` };
}
