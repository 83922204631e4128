import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The environment of programs and plugins: that of the engine, with Node's compile cache switched on. The cache
 * is in a folder of the user's own: what is in it is run. What opens the state is the engine's alone. What they say
 * to the engine goes through no proxy: gRPC would take `http_proxy` for loopback, too.
 */
export function runEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const home = environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const { PULUMI_CONFIG_PASSPHRASE: _, PULUMI_ACCESS_TOKEN: __, ...others } = environment;
  const direct = [others.no_grpc_proxy || others.no_proxy, "127.0.0.1", "localhost"].filter(Boolean).join(",");
  return { NODE_COMPILE_CACHE: join(home, "cache", "node"), ...others, no_grpc_proxy: direct };
}
