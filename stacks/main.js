// The program's entry. Plain JavaScript: it must be readable by a Node that is too old, to say so.
import { requireNode } from "../lib/start-up/require-node.js";

requireNode();

// Pulumi's runner has the stack of every resource mapped back to TypeScript, for which it reads the source maps of the SDK. The
// code here runs as it is written.
Error.prepareStackTrace = undefined;

export default async () => {
  const { startProviders } = await import("./start-up/start-providers.ts");
  const provider = await startProviders();
  const { program } = await import("./program.ts");
  return await program(provider);
};
