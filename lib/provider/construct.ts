import { AsyncLocalStorage } from "node:async_hooks";
import { type Input, type Inputs, output } from "@pulumi/pulumi";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import server from "@pulumi/pulumi/provider/server.js";
import resources, { type Alias, type ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import config from "@pulumi/pulumi/runtime/config.js";
import rpc from "@pulumi/pulumi/runtime/rpc.js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import state from "@pulumi/pulumi/runtime/state.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Components } from "./provider.ts";

/** What the SDK has for its own provider server, and no declarations of. */
const sdk = { ...settings, ...state, ...server } as unknown as {
  /** Keeps the connections and settings of one request apart from those of others. */
  withLocalStorage<Result>(work: () => Promise<Result>): Promise<Result>;
  awaitFeatureSupport(): Promise<void>;
  waitForRPCs(): Promise<void>;
  deserializeInputs(inputs: struct.Struct | undefined, dependencies: unknown): Promise<Inputs>;
};

/** Ends the request that a promise was made for: an error that nobody catches fails that one, and not the provider. */
const current = new AsyncLocalStorage<(error: unknown) => void>();
let isGuarded = false;

/**
 * Makes a component for a program in another language: with the program's own monitor, as `provider/server.js` of the SDK does, which
 * hands out no handler of its own.
 * @param engine address of the engine, for the SDK's log
 */
export async function construct(
  components: Components,
  request: messages.ConstructRequest,
  engine: string,
): Promise<messages.ConstructResponse> {
  guard();
  const failed = Promise.withResolvers<never>();
  // Where nothing fails, nobody waits for it; what belongs to a component that failed rejects after it, too.
  failed.promise.catch(() => {});
  const work = current.run(failed.reject, () => sdk.withLocalStorage(() => constructed(components, request, engine)));
  return Promise.race([work, failed.promise]);
}

async function constructed(components: Components, request: messages.ConstructRequest, engine: string) {
  const [type, name] = [request.getType(), request.getName()];
  settings.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engine,
    request.getMonitorendpoint(),
    request.getDryrun(),
    request.getOrganization(),
  );
  await sdk.awaitFeatureSupport();
  config.setAllConfig(Object.fromEntries(request.getConfigMap().entries()), request.getConfigsecretkeysList());
  const inputs = await sdk.deserializeInputs(request.getInputs(), request.getInputdependenciesMap());
  const made = await components(type, name, inputs, optionsOf(request));
  const response = new messages.ConstructResponse();
  response.setUrn((await promised(made.urn)) ?? "");
  const [properties, dependencies] = await rpc.serializeResourceProperties(`construct(${type}, ${name})`, made.state);
  for (const [key, on] of dependencies) {
    const urns = new messages.ConstructResponse.PropertyDependencies();
    urns.setUrnsList((await Promise.all([...on].map(({ urn }) => promised(urn)))).filter((urn) => urn !== undefined));
    response.getStatedependenciesMap().set(key, urns);
  }
  response.setState(struct.Struct.fromJavaScript(properties));
  await sdk.waitForRPCs();
  return response;
}

function optionsOf(request: messages.ConstructRequest): ComponentResourceOptions {
  const providers = request
    .getProvidersMap()
    .toArray()
    .map(([key, reference]) => [key, new resources.DependencyProviderResource(reference)] as const);
  const parent = request.getParent();
  const deletedWith = request.getDeletedwith();
  return {
    aliases: request.getAliasesList().map(aliasOf),
    dependsOn: request.getDependenciesList().map((urn) => new resources.DependencyResource(urn)),
    protect: request.getProtect() ?? false,
    providers: Object.fromEntries(providers),
    ...(parent ? { parent: new resources.DependencyResource(parent) } : {}),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    retainOnDelete: request.getRetainondelete() ?? false,
    ...(deletedWith ? { deletedWith: new resources.DependencyResource(deletedWith) } : {}),
  };
}

function aliasOf(given: ReturnType<messages.ConstructRequest["getAliasesList"]>[number]): string | Alias {
  const spec = given.getSpec();
  if (!spec) return given.getUrn();
  const [name, project, stack] = [spec.getName(), spec.getProject(), spec.getStack()];
  return {
    ...(name ? { name } : {}),
    ...(project ? { project } : {}),
    ...(stack ? { stack } : {}),
    ...(spec.hasParenturn() ? { parent: spec.getParenturn() } : {}),
    ...(spec.getNoparent() ? { parent: resources.rootStackResource } : {}),
  };
}

function promised<Value>(value: Input<Value>): Promise<Value | undefined> {
  return (output(value) as unknown as { promise(): Promise<Value | undefined> }).promise();
}

/** A resource that fails rejects promises that only the SDK has: its own server answers with them, too. */
function guard(): void {
  if (isGuarded) return;
  isGuarded = true;
  const end = (error: unknown) => {
    const fail = current.getStore();
    if (!fail) throw error;
    fail(error);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}
