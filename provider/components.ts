import * as pulumi from "@pulumi/pulumi";
import { cacheInputs, cacheOutputs, plainCacheInputs } from "../components/caches/cache-inputs.ts";
import { PullThroughCache, type PullThroughCacheArgs } from "../components/caches/pull-through-cache.ts";
import { comesLater, inputProblemsOf } from "../components/check-inputs.ts";
import { inputProblems } from "../components/parsed-input.ts";
import { plainInputs } from "../components/whole/check-registry.ts";
import { Registry } from "../components/whole/registry.ts";
import type { RegistryArgs } from "../components/whole/registry-args.ts";
import { registryOutputs } from "../components/whole/registry-outputs.ts";
import type { Components } from "../lib/provider/provider.ts";

type Made = pulumi.ComponentResource & { complete: Promise<unknown> };

interface Component {
  make(name: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions): Made;
  /** Inputs that are taken for plain where they are known; what of them is secret, the component knows. */
  plain: readonly string[];
  /** Inputs of which only the shape must be known. */
  shapes: readonly string[];
  outputs: string[];
}

const all: Record<string, Component> = {
  "registry-kit:index:Registry": {
    make: (name, inputs, options) => new Registry(name, inputs as unknown as RegistryArgs, options),
    plain: plainInputs,
    shapes: ["tls", "users", "storage", "networks"],
    outputs: Object.keys(registryOutputs.shape),
  },
  "registry-kit:index:PullThroughCache": {
    make(name, inputs, options) {
      const takes = { component: "PullThroughCache", shape: cacheInputs.shape, plain: plainCacheInputs };
      const problems = inputProblemsOf(inputs, takes);
      const { url, ttl } = (inputs.upstream ?? {}) as { url?: unknown; ttl?: unknown };
      for (const [path, value] of Object.entries({ "upstream.url": url, "upstream.ttl": ttl }))
        if (comesLater(value)) problems.push({ path, reason: "must be plain: no outputs of other resources." });
      if (problems.length > 0) throw inputProblems(problems);
      return new PullThroughCache(name, inputs as unknown as PullThroughCacheArgs, options);
    },
    plain: [...plainCacheInputs, "upstream"],
    shapes: ["tls"],
    outputs: Object.keys(cacheOutputs.shape),
  },
};

/** Makes a component of the kit for a program in another language. */
export const components: Components = async (type, name, inputs, options) => {
  const component = all[type];
  if (!component) throw new Error(`This provider has no component "${type}".`);
  const made = component.make(name, await known(inputs, component), options);
  await made.complete;
  const outputs = component.outputs.map((key) => [key, (made as unknown as pulumi.Inputs)[key]] as const);
  return { urn: made.urn, state: Object.fromEntries(outputs) };
};

/** Languages that know no plain values send outputs, which are taken for plain ones where they are known. */
async function known(inputs: pulumi.Inputs, { plain, shapes }: Component): Promise<pulumi.Inputs> {
  const entries = Object.entries(inputs).map(async ([key, given]) => {
    // What an engine says of a value that comes later becomes an output.
    const value = pulumi.containsUnknowns(given) ? pulumi.output(given) : given;
    if (!(plain.includes(key) || shapes.includes(key)) || !pulumi.Output.isInstance(value)) return [key, value];
    const { isKnown, isSecret } = value as unknown as { isKnown: Promise<boolean>; isSecret: Promise<boolean> };
    if (!(await isKnown)) {
      const reason = "must be known before anything is made: it decides which resources there are.";
      throw new pulumi.InputPropertyError({ propertyPath: key, reason });
    }
    const content = await (value as unknown as { promise(): Promise<unknown> }).promise();
    return [key, (await isSecret) && shapes.includes(key) ? withSecretTexts(content) : content];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** What was secret as a whole is so in each of its texts. */
function withSecretTexts(value: unknown): unknown {
  if (typeof value === "string") return pulumi.secret(value);
  if (Array.isArray(value)) return value.map(withSecretTexts);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withSecretTexts(inner)]));
}
