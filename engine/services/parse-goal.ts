import type aliasMessages from "@pulumi/pulumi/proto/alias_pb.js";
import type messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { stackType, typeOf } from "../../lib/protocol/urn.ts";
import { parseDuration } from "../../lib/time/go-duration.ts";
import type { Timeouts } from "../state/resource-state.ts";
import { type Alias, bareGoal, type Goal } from "../steps/goal.ts";

/** A registration message as data. @param inputs that it carries. */
export function parseGoal(request: messages.RegisterResourceRequest, inputs: PropertyMap): Goal {
  const parent = request.getParent();
  const type = request.getType();
  const provider = type.startsWith("pulumi:providers:");
  const version = request.getVersion();
  return {
    type,
    name: request.getName(),
    custom: request.getCustom(),
    // An explicit provider's own version is one of its inputs.
    inputs: provider && version && inputs.version === undefined ? { ...inputs, version, __internal: {} } : inputs,
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      request
        .getPropertydependenciesMap()
        .toArray()
        .map(([key]) => [key, request.getPropertydependenciesMap().get(key)?.getUrnsList() ?? []]),
    ),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    hideDiff: request.getHidediffsList(),
    aliases: [...request.getAliasesList().map(parseAlias), ...request.getAliasurnsList().map((urn) => ({ urn }))],
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    customTimeouts: parseTimeouts(request.getCustomtimeouts()),
    version,
    pluginDownloadUrl: request.getPlugindownloadurl(),
    ...(parent && { parent }),
    ...(request.hasProtect() && { protect: request.getProtect() === true }),
    ...(request.getProvider() && !provider && { provider: request.getProvider() }),
    ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
    ...(request.hasRetainondelete() && { retainOnDelete: request.getRetainondelete() === true }),
    ...(request.getDeletedwith() && { deletedWith: request.getDeletedwith() }),
  };
}

/** The part of a read request that is like a registration. */
export function parseReadGoal(request: messages.ReadResourceRequest, inputs: PropertyMap): Goal {
  const parent = request.getParent();
  return {
    ...bareGoal(request.getType(), request.getName(), inputs),
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    version: request.getVersion(),
    pluginDownloadUrl: request.getPlugindownloadurl(),
    ...(parent && { parent }),
    ...(request.getProvider() && { provider: request.getProvider() }),
  };
}

function parseAlias(alias: aliasMessages.Alias): Alias {
  const spec = alias.getSpec();
  if (!spec) return { urn: alias.getUrn() };
  const parent = spec.getParenturn();
  return {
    ...(spec.getName() && { name: spec.getName() }),
    ...(spec.getType() && { type: spec.getType() }),
    ...(spec.getStack() && { stack: spec.getStack() }),
    ...(spec.getProject() && { project: spec.getProject() }),
    ...(parent && typeOf(parent) !== stackType && { parent }),
    ...((spec.getNoparent() || (parent && typeOf(parent) === stackType)) && { noParent: true }),
  };
}

function parseTimeouts(timeouts: messages.RegisterResourceRequest.CustomTimeouts | undefined): Timeouts {
  const seconds = {
    create: secondsOf(timeouts?.getCreate()),
    update: secondsOf(timeouts?.getUpdate()),
    delete: secondsOf(timeouts?.getDelete()),
    read: secondsOf(timeouts?.getRead()),
  };
  return Object.fromEntries(Object.entries(seconds).filter(([, value]) => value > 0));
}

/** Of a Go duration such as `1h30m`, `45s` or `1.5m`; a bare number is seconds. */
function secondsOf(text = ""): number {
  if (text === "" || /^\d+(\.\d+)?$/.test(text)) return Number(text);
  const nanoseconds = parseDuration(text);
  if (nanoseconds === undefined || nanoseconds < 0)
    throw new Error(`The custom timeout "${text}" is no duration; write it like "5m" or "1h30m".`);
  return nanoseconds / 1e9;
}
