// Preloaded (`--import`) into programs and plugins whose servers are not the engine's own code: the SDK's dynamic provider, the
// server of a policy pack, a program's callbacks. Each of them asks for a loopback port, which every user of the machine reaches.
import { createRequire } from "node:module";
import type grpc from "@grpc/grpc-js";
import { guardServers } from "./guard-servers.ts";
import { socketBeside } from "./serve-own-user.ts";

const [, entry = "", ...parameters] = process.argv;
const own = createRequire(entry);
/** The SDK's runner is told the monitor by name, a plugin has the engine's address as its last argument. */
const isProgram = parameters.includes("--monitor");

for (const owner of ["@pulumi/pulumi", "@pulumi/policy"]) {
  const module = load(owner);
  // The SDK adds the host to the port of callbacks, and ends the program although it still listens.
  if (module && isProgram)
    guardServers(
      module,
      () => undefined,
      ({ listener }) => listener.unref(),
    );
  else if (module) guardServers(module, () => socketBeside(parameters.at(-1)));
}

/** The copy of grpc-js that a package uses; undefined where the entry file has no such package. */
function load(owner: string): typeof grpc | undefined {
  try {
    return createRequire(own.resolve(`${owner}/package.json`))("@grpc/grpc-js") as typeof grpc;
  } catch {
    return undefined;
  }
}
