import * as pulumi from "@pulumi/pulumi";
import { plainInputs } from "../components/whole/check-registry.ts";
import { Registry } from "../components/whole/registry.ts";
import type { RegistryArgs } from "../components/whole/registry-args.ts";
import { registryOutputs } from "../components/whole/registry-outputs.ts";
import type { Components } from "../lib/provider/provider.ts";

/** What decides which resources a registry has, beside what must be plain as a whole. */
const shapes = ["tls", "users", "storage", "networks"];

/** Makes a component of the kit for a program in another language. */
export const components: Components = async (type, name, inputs, options) => {
  if (type !== "registry-kit:index:Registry") throw new Error(`This provider has no component "${type}".`);
  const given = await known(inputs, [...plainInputs, ...shapes]);
  const registry = new Registry(name, given as unknown as RegistryArgs, options);
  await registry.complete;
  const outputs = Object.keys(registryOutputs.shape) as (keyof typeof registryOutputs.shape)[];
  return { urn: registry.urn, state: Object.fromEntries(outputs.map((key) => [key, registry[key]])) };
};

/** Languages that know no plain values send outputs, which are taken for plain ones where they are known. */
async function known(inputs: pulumi.Inputs, keys: string[]): Promise<pulumi.Inputs> {
  const entries = Object.entries(inputs).map(async ([key, given]) => {
    // What an engine says of a value that comes later becomes an output.
    const value = pulumi.containsUnknowns(given) ? pulumi.output(given) : given;
    if (!keys.includes(key) || !pulumi.Output.isInstance(value)) return [key, value];
    const { isKnown, isSecret } = value as unknown as { isKnown: Promise<boolean>; isSecret: Promise<boolean> };
    if (!(await isKnown)) {
      const reason = "must be known before anything is made: it decides which resources there are.";
      throw new pulumi.InputPropertyError({ propertyPath: key, reason });
    }
    const plain = await (value as unknown as { promise(): Promise<unknown> }).promise();
    return [key, (await isSecret) ? withSecretTexts(plain) : plain];
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
