import { createRequire } from "node:module";
import { loadLater } from "../../lib/start-up/load-later.ts";

const require = createRequire(import.meta.url);

/**
 * What the Pulumi SDK loads at once but the programs here never use: the automation API, the server for providers, and, to turn
 * functions into text for dynamic providers, the TypeScript compiler, npm's resolver of dependencies and its reader of package.json.
 */
const deferred = [
  "@pulumi/pulumi/automation",
  "@pulumi/pulumi/provider",
  "@pulumi/pulumi/typescript-shim.js",
  "@npmcli/arborist",
  "normalize-package-data",
];

/** Has those modules loaded at their first use instead: 0.3 s that most runs never spend. Before the SDK is loaded. */
export function deferSdkModules(): void {
  loadLater(createRequire(require.resolve("@pulumi/pulumi")), deferred);
}
