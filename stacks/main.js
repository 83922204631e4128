// The program's entry for the Pulumi CLI. Plain JavaScript: it must be readable by a Node that is too old, to say so.
import module from "node:module";
import { requireNode } from "../scripts/require-node.js";

requireNode();
// For "pulumi up" typed directly; with "npm run up" it is on from the start.
module.enableCompileCache?.();

export default async () => {
  const { deferSdkModules } = await import("./defer-sdk-modules.ts");
  deferSdkModules();
  const { startKitProvider } = await import("./start-kit-provider.ts");
  const provider = await startKitProvider();
  const { program } = await import("./program.ts");
  return await program(provider);
};
