import { createRequire, enableCompileCache } from "node:module";
import { guardServers } from "../lib/protocol/own-user/guard-servers.ts";
import { deferSdkModules } from "../stacks/start-up/defer-sdk-modules.ts";
import { asPolicy } from "./as-policy.ts";
import { rules } from "./rules.ts";

enableCompileCache();
deferSdkModules();
// Loads the SDK, so not before.
const { default: policy } = await import("@pulumi/policy");

// The SDK listens on a loopback port, which every user of the machine reaches. (The built-in engine has seen to it already.)
guardServers(createRequire(import.meta.resolve("@pulumi/policy"))("@grpc/grpc-js"), () => undefined);

// Serves the analyzer protocol at once, and prints its port.
new policy.PolicyPack("registry-kit", {
  description: "What a private registry must keep.",
  policies: rules.map(asPolicy),
});
