import { createRequire } from "node:module";
import { setImmediate as turn } from "node:timers/promises";
import { keepRootShell } from "../components/machines/root/kept-root-shell.ts";
import type { DefinedResource } from "../lib/provider/define-resource.ts";
import { serveProvider } from "../lib/provider/serve-provider.ts";
import { resources } from "./resources.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };
const loaded = new Map<string, Promise<DefinedResource> | undefined>();

function load(type: string): Promise<DefinedResource> | undefined {
  if (!loaded.has(type)) loaded.set(type, resources[type]?.());
  return loaded.get(type);
}

/** What stacks will ask for, one after the other, with turns for requests in between. */
async function loadAll(): Promise<void> {
  for (const type of Object.keys(resources)) {
    await load(type);
    await turn();
  }
}

keepRootShell();
await serveProvider(
  {
    version,
    // Not earlier: until it has this answer, the engine neither registers the first resource nor starts its next plugin.
    // A caller that asks for a type that can't be loaded is told why.
    configure: async () => void loadAll().catch(() => {}),
    lifecycle: async (type) => (await load(type))?.lifecycle,
    schema: async () => (await import("./schema.ts")).schema(version),
    components: async (...component) => (await import("./components.ts")).components(...component),
  },
  process.argv.slice(2),
);
