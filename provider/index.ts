import { setImmediate as turn } from "node:timers/promises";
import { serveProvider } from "../engine/protocol/serve-provider.ts";
import type { DefinedResource } from "./define-resource.ts";
import { resources } from "./resources.ts";

const loaded = new Map<string, Promise<DefinedResource> | undefined>();

function load(type: string): Promise<DefinedResource> | undefined {
  if (!loaded.has(type)) loaded.set(type, resources[type]?.());
  return loaded.get(type);
}

await serveProvider(
  {
    version: "0.1.0",
    lifecycle: async (type) => (await load(type))?.lifecycle,
  },
  process.argv.slice(2),
);

// The engine knows the port now and starts its next plugin: time to load what it will ask for, with turns for requests in between.
for (const type of Object.keys(resources)) {
  await load(type);
  await turn();
}
