/**
 * Uniform resource names: `urn:pulumi:<stack>::<project>::<type chain>::<name>`, where the chain is the types of
 * the ancestors below the stack, joined with `$`, and ends with the resource's own type.
 */
export const stackType = "pulumi:pulumi:Stack";

/** @param parent URN of the parent; absent or the stack: no ancestor in the chain. */
export function makeUrn(stack: string, project: string, type: string, name: string, parent?: string): string {
  const chain = parent ? typeChainOf(parent) : "";
  const full = chain && chain !== stackType ? `${chain}$${type}` : type;
  return `urn:pulumi:${stack}::${project}::${full}::${name}`;
}

export function typeChainOf(urn: string): string {
  return urn.split("::")[2] ?? "";
}

/** The resource type: the last link of the type chain. */
export function typeOf(urn: string): string {
  return typeChainOf(urn).split("$").at(-1) ?? "";
}

/** The resource's name, which may itself hold `::`. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

export function projectOf(urn: string): string {
  return urn.split("::")[1] ?? "";
}

export function stackOf(urn: string): string {
  return (urn.split("::")[0] ?? "").split(":")[2] ?? "";
}

/** The package that manages a type: of `pulumi:providers:aws` it is the engine itself, not `aws`. */
export function packageOf(type: string): string {
  return type.split(":")[0] ?? "";
}

const providerPrefix = "pulumi:providers:";

export function isProviderType(type: string): boolean {
  return type.startsWith(providerPrefix);
}

/** `aws` of `pulumi:providers:aws`. */
export function providerPackage(type: string): string {
  return type.slice(providerPrefix.length);
}

export function providerType(name: string): string {
  return providerPrefix + name;
}

/** The message with a URN, and what newer plugins read instead of taking it apart. */
export function named<
  Message extends { setUrn(urn: string): unknown; setName(name: string): unknown; setType(type: string): unknown },
>(message: Message, urn: string): Message {
  message.setUrn(urn);
  message.setName(nameOf(urn));
  message.setType(typeOf(urn));
  return message;
}
