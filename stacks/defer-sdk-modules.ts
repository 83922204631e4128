import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * What the Pulumi SDK loads at once but needs only to turn functions into text, for dynamic providers: the TypeScript
 * compiler, and npm's resolver of dependencies. The programs here have no such functions.
 */
const deferred = ["@pulumi/pulumi/typescript-shim.js", "@npmcli/arborist"];

/**
 * Has those modules loaded at their first use instead, a quarter of a second that most runs never spend. Through Node's
 * `require.cache`, whose documentation allows for adding entries; a module that is there already, or that this
 * version of the SDK does not have, is left alone.
 */
export function deferSdkModules(): void {
  const sdk = createRequire(require.resolve("@pulumi/pulumi"));
  for (const name of deferred) {
    const file = resolved(sdk, name);
    if (file && !sdk.cache[file]) sdk.cache[file] = standIn(sdk, file);
  }
}

function resolved(sdk: NodeJS.Require, name: string): string | undefined {
  try {
    return sdk.resolve(name);
  } catch {
    return undefined;
  }
}

/** A loaded module in the eyes of `require`, whose exports load the real one as soon as one is asked for. */
function standIn(sdk: NodeJS.Require, file: string): NodeJS.Module {
  let real: Record<PropertyKey, unknown> | undefined;
  const load = () => {
    if (!real) {
      delete sdk.cache[file];
      real = sdk(file) as Record<PropertyKey, unknown>;
    }
    return real;
  };
  const exports = new Proxy(
    {},
    {
      // The SDK's compiled imports ask for this mark first, and copy every export of a module that lacks it.
      get: (_, key) => (key === "__esModule" ? true : load()[key]),
      has: (_, key) => key in load(),
    },
  );
  const paths: string[] = [];
  const nothing = { children: [], parent: null, isPreloading: false, path: file, paths, require: sdk };
  return { ...nothing, id: file, filename: file, loaded: true, exports };
}
