import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The environment of programs and plugins: that of the engine, with Node's compile cache switched on. The cache
 * is in a folder of the user's own: what is in it is run.
 */
export function runEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const home = environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  return { NODE_COMPILE_CACHE: join(home, "cache", "node"), ...environment };
}
