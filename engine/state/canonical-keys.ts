import { resourceFields } from "./resource-state.ts";

/** The names that a format has, by place: nested objects, and lists of objects. `true`: a value that is taken as it is. */
interface Shape {
  [name: string]: true | Shape | [Shape];
}

const fields = (...names: string[]): Record<string, true> =>
  Object.fromEntries(names.map((name): [string, true] => [name, true]));

/** `ResourceV3` of Pulumi's apitype/core.go. */
const resource: Shape = { ...fields(...resourceFields), customTimeouts: fields("create", "update", "delete", "read") };

/** `DeploymentV3`, the same. */
const deployment: Shape = {
  manifest: fields("time", "magic", "version", "plugins"),
  secrets_providers: { type: true, state: fields("salt") },
  resources: [resource],
  pending_operations: [{ resource, type: true }],
  metadata: true,
};

/** A checkpoint file, and what `stack export` prints. */
const file: Shape = {
  version: true,
  features: true,
  checkpoint: { stack: true, config: true, latest: deployment },
  deployment,
};

/** The levels of a state at which this engine must know every name: what it does not know would be lost when it writes. */
const closed = new Set<Shape>([file, file.checkpoint as Shape, deployment]);

/**
 * A state with the names that this engine writes. Go, in which the Pulumi CLI is written, reads a field whatever its case and takes
 * `null` for nothing; some versions of the CLI write capitals.
 * @param unknown takes the path of each name that this engine does not know.
 */
export function canonicalKeys(state: unknown, unknown: (path: string) => void): unknown {
  return canonical(state, file, "", unknown);
}

function canonical(value: unknown, shape: Shape, path: string, unknown: (path: string) => void): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const name = Object.hasOwn(shape, key) ? key : names.get(key.toLowerCase());
    if (name === undefined) {
      if (closed.has(shape) && !isEmpty(inner)) unknown(path + key);
      result[key] = inner;
    } else if (inner !== null) {
      const below = shape[name];
      if (below === true || below === undefined) result[name] = inner;
      else if (!Array.isArray(below)) result[name] = canonical(inner, below, `${path}${name}.`, unknown);
      else if (Array.isArray(inner)) result[name] = inner.map((item) => canonical(item, below[0], "", unknown));
      else result[name] = inner;
    }
  }
  return result;
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}
