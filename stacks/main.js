// The program's entry for the Pulumi CLI. Plain JavaScript: it must be readable by a Node that is too old, to say so.
import module from "node:module";
import { requireNode } from "../scripts/require-node.js";

requireNode();
// For "pulumi up" typed directly; with "npm run up" it is on from the start.
module.enableCompileCache?.();

// Pulumi's runner has the stack of every resource mapped back to TypeScript, for which it reads the source maps of the SDK. The
// code here runs as it is written.
Error.prepareStackTrace = undefined;

export default async () => {
  const { deferSdkModules } = await import("./defer-sdk-modules.ts");
  deferSdkModules();
  const { startProviders } = await import("./start-providers.ts");
  const provider = await startProviders();
  const { program } = await import("./program.ts");
  return await program(provider);
};
