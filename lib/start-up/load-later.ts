/**
 * Has CommonJS modules loaded at their first use, not when something requires them. Through Node's `require.cache`, whose
 * documentation allows for adding entries. A module that is there already, or that is not found, is left alone.
 * @param require of the package that requires the modules
 * @param names as that package spells them, or paths of files in it
 */
export function loadLater(require: NodeJS.Require, names: string[]): void {
  for (const name of names) {
    const file = resolved(require, name);
    if (file && !require.cache[file]) require.cache[file] = standIn(require, file);
  }
}

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

type Exports = ((...args: unknown[]) => unknown) & Record<PropertyKey, unknown>;

/** A loaded module in the eyes of `require`, whose exports load the real one as soon as one is asked for. */
function standIn(require: NodeJS.Require, file: string): NodeJS.Module {
  let real: Exports | undefined;
  const load = () => {
    if (!real) {
      delete require.cache[file];
      real = require(file) as Exports;
    }
    return real;
  };
  const exports = new Proxy(() => {}, {
    // Compiled imports ask for this mark first, and copy every export of a module that lacks it.
    get: (_, key) => (key === "__esModule" ? true : load()[key]),
    has: (_, key) => key in load(),
    apply: (_, self, args) => Reflect.apply(load(), self, args),
  });
  const paths: string[] = [];
  const nothing = { children: [], parent: null, isPreloading: false, path: file, paths, require };
  return { ...nothing, id: file, filename: file, loaded: true, exports };
}
