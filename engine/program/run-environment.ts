import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The environment of programs and plugins: that of the engine, with Node's compile cache switched on. The cache
 * is in a folder of the user's own: what is in it is run. What opens the state is the engine's alone.
 */
export function runEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const home = environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const { PULUMI_CONFIG_PASSPHRASE: _, PULUMI_ACCESS_TOKEN: __, ...others } = environment;
  return { NODE_COMPILE_CACHE: join(home, "cache", "node"), ...others };
}
