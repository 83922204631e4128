import type { z } from "zod";
import type { PropertyMap, PropertyValue } from "../protocol/property-value.ts";
import {
  containsUnknown,
  makeSecret,
  markSecretsLike,
  plainMap,
  sameValue,
  unknownValue,
} from "../protocol/property-value.ts";
import { describeIssues } from "../validation/describe-issues.ts";
import { IncompleteResource } from "./incomplete-resource.ts";
import type { Change, CheckRequest, Difference, Lifecycle, RequestContext } from "./lifecycle.ts";
import { PartialFailure } from "./lifecycle.ts";
import type { Problems, ResourceContext, ResourceDefinition, ResourceState } from "./resource-definition.ts";

/** A resource type as an engine drives it. */
export interface DefinedResource {
  type: string;
  lifecycle: Lifecycle;
}

/** Nothing that was recorded may keep a stack from being refreshed, changed or removed. */
const unreadable = "was recorded by a version of the kit that this one can't read";

/** Turns a definition over plain typed values into a lifecycle over property maps. */
export function defineResource<Inputs extends object, Outputs extends object>(
  definition: ResourceDefinition<Inputs, Outputs>,
  clock: () => Date = () => new Date(),
): DefinedResource {
  const context = (request: RequestContext): ResourceContext => ({ urn: request.urn, log: request.log, now: clock });
  /** What is in the state; undefined where another version of the kit wrote what this one can't read. */
  const recorded = (
    id: string,
    inputs: PropertyMap,
    outputs: PropertyMap,
  ): ResourceState<Inputs, Outputs> | undefined => {
    const [given, made] = [
      definition.inputs.safeParse(plainMap(inputs)),
      definition.outputs.safeParse(plainMap(outputs)),
    ];
    return given.success && made.success ? { id, inputs: given.data, outputs: made.data } : undefined;
  };
  const mark = (outputs: Outputs, inputs: PropertyMap): PropertyMap => {
    const marked = markSecretsLike(toMap(outputs), inputs);
    for (const key of definition.secretOutputs) {
      const value = marked[key];
      if (value !== undefined) marked[key] = makeSecret(value);
    }
    return marked;
  };
  /** What a half-way failure leaves behind is recorded like any other outputs, secrets and all. */
  const recordingParts = async <Result>(inputs: PropertyMap, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof IncompleteResource)) throw error;
      throw new PartialFailure(error.message, error.id, mark(error.outputs as Outputs, inputs));
    }
  };

  const lifecycle: Lifecycle = {
    async check(request) {
      const given = { ...request.newInputs, ...keptInputs(definition, request) };
      const { inputs, failures } = checkShape(definition.inputs, given);
      if (failures.length === 0 && definition.validateKnown) {
        const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !containsUnknown(value)));
        const old = Object.keys(request.oldInputs).length > 0 ? plainMap(request.oldInputs) : undefined;
        const problems = await definition.validateKnown(
          plainMap(known) as Partial<Inputs>,
          old as Partial<Inputs> | undefined,
          context(request),
        );
        failures.push(...problems);
      }
      if (failures.length === 0 && !containsUnknown(inputs) && definition.validate) {
        const parsed = parse(definition.inputs, inputs, definition.type);
        failures.push(...(await definition.validate(parsed, context(request))));
      }
      return { inputs: markSecretsLike(inputs, given), failures };
    },
    async diff(request) {
      const changes = compare(request.oldInputs, request.newInputs, definition.replaceOn ?? []).filter(
        ({ path }) => !definition.untracked?.some((input) => input === path),
      );
      const old = recorded(request.id, request.oldInputs, request.oldOutputs);
      if (!old) {
        request.log("warning", `${unreadable}: it will be created again`);
        const [path = "id"] = Object.keys(definition.outputs.shape);
        changes.push({ path, kind: "update", inputDiff: false });
      }
      if (old && !containsUnknown(request.newInputs) && definition.due) {
        const news = parse(definition.inputs, request.newInputs, definition.type);
        for (const { property, reason } of await definition.due(old, news, context(request))) {
          request.log("info", reason);
          changes.push({ path: property, kind: "update", inputDiff: false });
        }
      }
      const replace = changes.some((change) => change.replaces);
      const action: Difference["action"] = replace ? "replace" : changes.length > 0 ? "update" : "none";
      return { action, changes, deleteBeforeReplace: replace && (definition.deleteBeforeReplace ?? false) };
    },
    async create(request) {
      const { outputs: shape, knownOutputs } = definition;
      if (request.preview) return { id: "", outputs: { ...unknownOutputs(shape), ...toMap(knownOutputs ?? {}) } };
      const inputs = parse(definition.inputs, request.inputs, definition.type);
      const { id, outputs } = await recordingParts(request.inputs, () => definition.create(inputs, context(request)));
      return { id, outputs: mark(outputs, request.inputs) };
    },
    async update(request) {
      const old = recorded(request.id, request.oldInputs, request.oldOutputs);
      if (request.preview)
        return old && definition.keepsOutputs ? request.oldOutputs : outputsToCome(definition, request.oldOutputs);
      const news = parse(definition.inputs, request.newInputs, definition.type);
      const outputs = await recordingParts(request.newInputs, async () =>
        old
          ? definition.update(old, news, context(request))
          : (await definition.create(news, context(request))).outputs,
      );
      return mark(outputs, request.newInputs);
    },
    async read(request) {
      if (Object.keys(request.inputs).length === 0) {
        throw new Error(`${definition.type} can't be imported: only the kit itself creates it.`);
      }
      const old = recorded(request.id, request.inputs, request.outputs);
      if (!old) request.log("warning", `${unreadable}: it counts as unchanged, and the next up creates it again`);
      if (!old || !definition.read) return { id: request.id, inputs: request.inputs, outputs: request.outputs };
      const outputs = await definition.read(old, context(request));
      return outputs && { id: request.id, inputs: request.inputs, outputs: mark(outputs, request.inputs) };
    },
    async find(request) {
      if (!definition.find) return undefined;
      const inputs = parse(definition.inputs, request.inputs, definition.type);
      const found = await definition.find(inputs, request.since, context(request));
      return found && { id: found.id, outputs: mark(found.outputs, request.inputs) };
    },
    async delete(request) {
      if (!definition.delete) return;
      const old = recorded(request.id, request.inputs, request.outputs);
      if (old) await definition.delete(old, context(request));
      else request.log("warning", `${unreadable}: what it created (${request.id}) stays as it is`);
    },
  };
  return { type: definition.type, lifecycle };
}

/** Validates property by property, so that one that is not known yet hides no problem of another. */
function checkShape(schema: z.ZodObject, given: PropertyMap): { inputs: PropertyMap; failures: Problems } {
  const plain = plainMap(given);
  const inputs: PropertyMap = {};
  const failures: Problems = Object.keys(plain)
    .filter((key) => !(key in schema.shape))
    .map((key) => ({
      property: key,
      reason: `is not a property of this resource. Allowed: ${Object.keys(schema.shape)}.`,
    }));
  for (const [key, property] of Object.entries(schema.shape)) {
    const value = plain[key];
    if (containsUnknown(value)) {
      inputs[key] = value ?? null;
      continue;
    }
    const result = (property as z.ZodType<PropertyValue | undefined>).safeParse(value);
    if (!result.success) {
      for (const { path, reason } of describeIssues(result.error)) {
        failures.push({ property: path ? `${key}${path.startsWith("[") ? "" : "."}${path}` : key, reason });
      }
    } else if (result.data !== undefined) {
      inputs[key] = result.data;
    }
  }
  return { inputs, failures };
}

/** What the program leaves open and {@link ResourceDefinition.initial} speaks of: for a new resource that, else what it has. */
function keptInputs<Inputs extends object, Outputs extends object>(
  { initial }: ResourceDefinition<Inputs, Outputs>,
  { oldInputs, newInputs, ...context }: CheckRequest,
): PropertyMap {
  if (!initial) return {};
  const isNew = Object.keys(oldInputs).length === 0;
  const first = toMap(initial(plainMap(newInputs) as Partial<Inputs>, context));
  const open = Object.entries(first).filter(([key]) => newInputs[key] === undefined);
  return Object.fromEntries(
    open.flatMap(([key, value]) => {
      const kept = isNew ? value : oldInputs[key];
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

/** What a preview says of an update: nothing is known but what stays, and that may be missing. */
function outputsToCome<Inputs extends object, Outputs extends object>(
  { outputs, stableOutputs = [] }: ResourceDefinition<Inputs, Outputs>,
  old: PropertyMap,
): PropertyMap {
  const stable: readonly string[] = stableOutputs;
  return Object.fromEntries(
    Object.entries(unknownOutputs(outputs)).flatMap(([key, unknown]) => {
      const value = stable.includes(key) ? old[key] : unknown;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** What a preview says of outputs: they will be known after the update. */
function unknownOutputs(schema: z.ZodObject): PropertyMap {
  return Object.fromEntries(Object.keys(schema.shape).map((key) => [key, unknownValue]));
}

function compare(olds: PropertyMap, news: PropertyMap, replaceOn: readonly string[]): Change[] {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => key !== "__defaults");
  return keys
    .filter((key) => !sameValue(olds[key], news[key]))
    .map((path) => ({
      path,
      kind: !(path in olds) ? "add" : !(path in news) ? "delete" : "update",
      replaces: replaceOn.includes(path),
      inputDiff: true,
    }));
}

function parse<T>(schema: z.ZodType<T>, map: PropertyMap, type: string): T {
  const result = schema.safeParse(plainMap(map));
  if (result.success) return result.data;
  const problems = describeIssues(result.error).map(({ path, reason }) => `${path}: ${reason}`);
  throw new Error(`${type}: the given values do not fit: ${problems.join("; ")}`);
}

/** Typed values as a property map; keys without a value are left out, as the wire format has no "undefined". */
function toMap(value: object): PropertyMap {
  return JSON.parse(JSON.stringify(value)) as PropertyMap;
}
