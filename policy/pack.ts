import { enableCompileCache } from "node:module";
import { deferSdkModules } from "../stacks/defer-sdk-modules.ts";
import { asPolicy } from "./as-policy.ts";
import { rules } from "./rules.ts";

enableCompileCache();
deferSdkModules();
// Loads the SDK, so not before.
const { default: policy } = await import("@pulumi/policy");

// Serves the analyzer protocol at once, and prints its port.
new policy.PolicyPack("registry-kit", {
  description: "What a private registry must keep.",
  policies: rules.map(asPolicy),
});
