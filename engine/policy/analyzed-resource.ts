import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import { type PropertyMap, pruned } from "../../lib/protocol/property-value.ts";
import { toStruct } from "../../lib/protocol/struct.ts";
import { named } from "../../lib/protocol/urn.ts";
import type { ResourceState } from "../state/resource-state.ts";

/** A resource as packs see it. */
export interface AnalyzedResource {
  state: ResourceState;
  /** Checked inputs of one resource; its outputs where the whole stack is looked at. */
  properties: PropertyMap;
  deleteBeforeReplace: boolean | undefined;
  provider: ResourceState | undefined;
}

export function analyzeRequest(resource: AnalyzedResource): messages.AnalyzeRequest {
  return filled(new messages.AnalyzeRequest(), resource);
}

export function analyzerResource(resource: AnalyzedResource): messages.AnalyzerResource {
  const { parent, dependencies, propertyDependencies } = resource.state;
  const message = filled(new messages.AnalyzerResource(), resource);
  message.setParent(parent ?? "");
  message.setDependenciesList(dependencies ?? []);
  for (const [property, urns] of Object.entries(propertyDependencies ?? {})) {
    if (urns.length === 0) continue;
    const sources = new messages.AnalyzerPropertyDependencies();
    sources.setUrnsList(urns);
    message.getPropertydependenciesMap().set(property, sources);
  }
  return message;
}

function filled<Message extends messages.AnalyzeRequest | messages.AnalyzerResource>(
  message: Message,
  { state, properties, deleteBeforeReplace, provider }: AnalyzedResource,
): Message {
  named(message, state.urn).setProperties(toStruct(withoutInternals(properties)));
  message.setOptions(optionsOf(state, deleteBeforeReplace));
  if (provider) {
    const manager = named(new messages.AnalyzerProviderResource(), provider.urn);
    manager.setProperties(toStruct(withoutInternals(provider.inputs)));
    message.setProvider(manager);
  }
  return message;
}

function optionsOf(state: ResourceState, deleteBeforeReplace: boolean | undefined): messages.AnalyzerResourceOptions {
  const options = new messages.AnalyzerResourceOptions();
  const timeouts = new messages.AnalyzerResourceOptions.CustomTimeouts();
  timeouts.setCreate(state.customTimeouts?.create ?? 0);
  timeouts.setUpdate(state.customTimeouts?.update ?? 0);
  timeouts.setDelete(state.customTimeouts?.delete ?? 0);
  timeouts.setRead(state.customTimeouts?.read ?? 0);
  options.setCustomtimeouts(timeouts);
  options.setProtect(state.protect ?? false);
  options.setIgnorechangesList(state.ignoreChanges ?? []);
  options.setDeletebeforereplacedefined(deleteBeforeReplace !== undefined);
  options.setDeletebeforereplace(deleteBeforeReplace ?? false);
  options.setAdditionalsecretoutputsList(state.additionalSecretOutputs ?? []);
  options.setParent(state.parent ?? "");
  return options;
}

/** `__defaults` and the like are between engine and provider. */
function withoutInternals(map: PropertyMap): PropertyMap {
  return pruned(map, (key) => key.startsWith("__"));
}
