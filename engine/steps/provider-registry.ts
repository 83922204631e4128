import { isObject, makeSecret, type PropertyMap, plainMap } from "../../lib/protocol/property-value.ts";
import { providerPackage, providerType, typeOf } from "../../lib/protocol/urn.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { configureProvider } from "../plugins/configure-provider.ts";
import type { PluginHost } from "../plugins/plugin-host.ts";
import { ProviderClient } from "../plugins/provider-client.ts";
import type { ProviderConnection } from "../plugins/provider-connection.ts";
import type { FindCall, Found } from "../plugins/resource-provider.ts";
import { providerUrn, type ResourceState } from "../state/resource-state.ts";
import { bareGoal, type Goal } from "./goal.ts";
import { remembered } from "./remembered.ts";

/** The package whose provider runs code out of the program: it gets the whole configuration and has no version. */
const dynamicPackage = "pulumi-nodejs";

/** The configured providers of a run, by reference (`<urn>::<id>`), and the plugin processes behind them. */
export class ProviderRegistry {
  readonly #host: PluginHost;
  readonly #config: StackConfig;
  readonly #recorded: (reference: string) => ResourceState | undefined;
  readonly #clients = new Map<string, Promise<ProviderClient>>();
  /** Processes that checked a provider's configuration and wait to be given it. */
  readonly #unconfigured = new Map<string, Promise<ProviderConnection>>();

  /** @param recorded finds a provider in the state, for resources that were made with it in an earlier run. */
  constructor(host: PluginHost, config: StackConfig, recorded: (reference: string) => ResourceState | undefined) {
    this.#host = host;
    this.#config = config;
    this.#recorded = recorded;
  }

  /** What a package's default provider will be. */
  defaultProvider(name: string, version: string, downloadUrl: string): Goal {
    const barred = JSON.parse(this.#config.values["pulumi:disable-default-providers"] || "[]") as unknown[];
    if (barred.some((item) => item === "*" || item === name))
      throw new Error(
        `The program uses the default provider of package "${name}", which pulumi:disable-default-providers forbids: give its resources one of their own.`,
      );
    const dynamic = name === dynamicPackage;
    const suffix = [dynamic ? "" : version, downloadUrl].filter(Boolean).map((part) => `_${part.replace(/\W/g, "_")}`);
    const internal = downloadUrl ? { pluginDownloadURL: downloadUrl } : {};
    const versioned = dynamic || !version ? {} : { version, __internal: internal };
    return bareGoal(providerType(name), `default${suffix.join("")}`, { ...this.#packageConfig(name), ...versioned });
  }

  /** A configured provider. @throws where its plugin cannot be had or refuses its configuration. */
  client(reference: string): Promise<ProviderClient> {
    return remembered(this.#clients, reference, () => this.#load(reference));
  }

  /**
   * Looks for what an interrupted create left behind. Where the plugin cannot look, or the provider is in the state no more, the
   * engine's own provider of the package stands in.
   */
  async find({ provider: reference, type }: ResourceState, call: FindCall): Promise<Found> {
    const recorded = reference ? this.#recorded(reference) : undefined;
    const found: Found =
      reference && recorded ? await (await this.client(reference)).find(call) : { kind: "unsupported" };
    if (!reference || found.kind !== "unsupported") return found;
    const name = type.split(":")[0] ?? "";
    const connection = await this.#host.takeBuiltIn(name);
    if (!connection) return found;
    const inputs = recorded?.inputs ?? this.defaultProvider(name, "", "").inputs;
    return (await this.#configure(connection, providerUrn(reference), recorded?.id ?? "", inputs)).find(call);
  }

  /**
   * Whether a resource that goes over from one provider to another must be made again: the new one's plugin says
   * whether the difference between the configurations asks for it.
   */
  async changeReplaces(from: string | undefined, to: string | undefined): Promise<boolean> {
    if (from === to || !from || !to) return from !== to;
    const [old, current] = [this.#recorded(from), this.#recorded(to)];
    if (!old || !current) return false;
    const client = await this.client(to);
    return client.replacesResources(current.urn, publicInputs(old.inputs), publicInputs(current.inputs));
  }

  /** The process of a provider resource that is being registered. */
  connection(urn: string, inputs: PropertyMap): Promise<ProviderConnection> {
    return remembered(this.#unconfigured, urn, () => this.#take(urn, inputs));
  }

  /** Gives a registered provider its configuration; resources can use it from now on. */
  async configure(urn: string, id: string, inputs: PropertyMap): Promise<void> {
    const client = this.connection(urn, inputs).then((connection) => this.#configure(connection, urn, id, inputs));
    this.#unconfigured.delete(urn);
    this.#clients.set(`${urn}::${id}`, client);
    await client;
  }

  async #load(reference: string): Promise<ProviderClient> {
    const state = this.#recorded(reference);
    if (!state?.id) throw new Error(`There is no provider "${reference}" in the program nor in the state.`);
    const connection = await this.#take(state.urn, state.inputs);
    return this.#configure(connection, state.urn, state.id, state.inputs);
  }

  #take(urn: string, inputs: PropertyMap): Promise<ProviderConnection> {
    const { version } = plainMap(inputs);
    return this.#host.take(providerPackage(typeOf(urn)), typeof version === "string" ? version : "");
  }

  async #configure(connection: ProviderConnection, urn: string, id: string, inputs: PropertyMap) {
    return new ProviderClient(connection, await configureProvider(connection, urn, id, inputs));
  }

  /** The stack's configuration of a package: `docker:host` is `host` to package docker. */
  #packageConfig(name: string): PropertyMap {
    const { values, secretKeys } = this.#config;
    const own = Object.entries(values).filter(([key]) => name === dynamicPackage || key.startsWith(`${name}:`));
    return Object.fromEntries(
      own.map(([key, value]) => [
        name === dynamicPackage ? key : key.slice(name.length + 1),
        secretKeys.includes(key) ? makeSecret(value) : value,
      ]),
    );
  }
}

/** A provider's inputs without what is the engine's own. */
export function publicInputs(inputs: PropertyMap): PropertyMap {
  const { __internal, ...rest } = inputs;
  return isObject(__internal) || __internal === undefined ? rest : inputs;
}
