import type messages from "@pulumi/pulumi/proto/resource_pb.js";

/** What only the Pulumi CLI can do: the name of the feature that a registration uses, or undefined. */
export function unsupportedFeature(request: messages.RegisterResourceRequest): string | undefined {
  if (request.getImportid()) return "the import option";
  if (request.getRemote()) return "a remote component";
  if (request.getTransformsList().length > 0) return "transforms";
  if (request.getStateMigrationsList().length > 0) return "stateMigrations";
  if (request.getReplaceWithList().length > 0) return "the replaceWith option";
  if (request.getReplacementTrigger()) return "the replacementTrigger option";
  if (request.getPackageref()) return "a parameterized package";
  if (request.getEnvvarmappingsMap().getLength() > 0) return "the envVarMappings option";
  const hooks = request.getHooks()?.toObject() ?? {};
  if (Object.values(hooks).some((list) => Array.isArray(list) && list.length > 0)) return "resource hooks";
  return unsupportedType(request.getType());
}

/** Types that Pulumi's engine implements. */
export function unsupportedType(type: string): string | undefined {
  const own = /^pulumi:(?!providers:)[^:]+:(.+)$/.exec(type);
  return type === "pulumi:pulumi:Stack" || type === readStackOutputs ? undefined : own?.[1];
}

/** The function that answers the outputs of a stack as its last run left them; here of the stack itself only. */
export const readStackOutputs = "pulumi:pulumi:readStackOutputs";

/** What the user is told. */
export function needsCli(feature: string, where: string): string {
  return `${where} uses ${feature}, which needs the Pulumi CLI. Nothing of it was done: install the CLI, or do without.`;
}
