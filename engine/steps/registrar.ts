import { type PropertyMap, type PropertyValue, unknownValue } from "../../lib/protocol/property-value.ts";
import { isProviderType, makeUrn, packageOf, providerType, stackType, typeOf } from "../../lib/protocol/urn.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { aliasUrns } from "./aliases.ts";
import type { Goal } from "./goal.ts";
import { readResource } from "./read-resource.ts";
import { registerResource } from "./register-resource.ts";
import { remembered } from "./remembered.ts";
import { Interrupted, type RunContext } from "./run-context.ts";

/** Takes the registrations of a program: gives them their URNs and providers, and has the steps done. */
export class Registrar {
  readonly #context: RunContext;
  readonly #seen = new Set<string>();
  /** Renamed resources: the URN in the state to the new one, and back. */
  readonly #renamed = new Map<string, string>();
  readonly #formerUrns = new Map<string, string>();
  /** What parents were given, for their children. */
  readonly #goals = new Map<string, Goal>();
  #underWay = 0;
  #stackOutputs: { urn: string; outputs: PropertyMap } | undefined;
  readonly #defaultProviders = new Map<string, Promise<string>>();

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** Whether registrations are under way that the program has not had an answer to. */
  get busy(): boolean {
    return this.#underWay > 0;
  }

  async register(goal: Goal): Promise<ResourceState> {
    this.#underWay++;
    try {
      return await this.#register(goal);
    } finally {
      this.#underWay--;
    }
  }

  async #register(own: Goal): Promise<ResourceState> {
    const goal = inherit(own, this.#goals.get(own.parent ?? ""));
    const urn = this.#claim(goal);
    const former = this.#takeAliases(urn, goal);
    try {
      const state = await registerResource(this.#context, urn, goal, await this.#providerOf(goal));
      this.#goals.set(urn, goal);
      return state;
    } catch (error) {
      // What failed keeps the name that the state had for it: a program of before finds it.
      if (former && this.#context.state.old(urn)) this.#context.state.rename(urn, former);
      throw error;
    }
  }

  async read(goal: Goal, id: string): Promise<ResourceState> {
    const urn = this.#claim(goal);
    const provider = (await this.#providerOf(goal)) ?? "";
    return readResource(this.#context, urn, id, goal, provider);
  }

  /** Runs a function of a package. @param provider reference; `""`: the package's default provider. */
  async invoke(token: string, args: PropertyMap, provider: string, version: string, downloadUrl: string) {
    const reference = provider || (await this.#defaultProvider(packageOf(token), version, downloadUrl));
    const client = await this.#context.providers.client(reference);
    return client.invoke(token, args, this.#context.preview);
  }

  /** The outputs of the stack as its last run left them; undefined: the name is another stack's. */
  lastOutputs(name: PropertyValue | undefined): PropertyMap | undefined {
    const { project, stack, state } = this.#context;
    if (name !== `organization/${project}/${stack}`) return undefined;
    return { name, outputs: state.deployment().resources.find(({ type }) => type === stackType)?.outputs ?? {} };
  }

  /** Records the outputs of a component. Those of the stack count only once the program has ended well. */
  registerOutputs(urn: string, outputs: PropertyMap): void {
    const component = this.#context.state.current(urn);
    if (!component) throw new Error(`"${urn}" registers outputs but was never registered itself.`);
    if (component.type === stackType) this.#stackOutputs = { urn, outputs };
    else if (!component.custom) this.#context.state.register({ ...component, outputs });
  }

  /** Records the outputs of the stack. Where the run failed, the old ones stay that the program has not given another value. */
  recordStackOutputs({ failed }: { failed: boolean }): void {
    const { urn, outputs } = this.#stackOutputs ?? {};
    const stack = urn && this.#context.state.current(urn);
    if (stack) this.#context.state.register({ ...stack, outputs: { ...(failed && stack.outputs), ...outputs } });
  }

  #claim(goal: Goal): string {
    if (this.#context.stop.aborted) throw new Interrupted();
    const urn = makeUrn(this.#context.stack, this.#context.project, goal.type, goal.name, goal.parent);
    if (this.#seen.has(urn))
      throw new Error(
        `The program makes "${urn}" twice: two resources of type ${goal.type} under the same parent are named "${goal.name}". Rename one.`,
      );
    this.#seen.add(urn);
    return urn;
  }

  /**
   * Gives what has one of the resource's aliases in the state its URN.
   * @returns the URN that it had, where it is another one.
   * @throws where another resource has it already.
   */
  #takeAliases(urn: string, goal: Goal): string | undefined {
    const { state, stack, project } = this.#context;
    const taken = this.#renamed.get(urn);
    if (taken) throw new Error(`"${urn}" is in the program, and an alias of "${taken}", too. Remove one of them.`);
    const aliases = aliasUrns(goal, stack, project, (old) => this.#formerUrns.get(old));
    const found = [urn, ...aliases].find((candidate) => state.had(candidate));
    if (!found || found === urn) return undefined;
    const other = this.#seen.has(found) ? found : this.#renamed.get(found);
    if (other) throw new Error(`"${urn}" has the alias "${found}", which "${other}" is already. Remove the alias.`);
    this.#renamed.set(found, urn);
    this.#formerUrns.set(urn, found);
    state.rename(found, urn);
    return found;
  }

  async #providerOf(goal: Goal): Promise<string | undefined> {
    if (!goal.custom || isProviderType(goal.type)) return undefined;
    return goal.provider ?? this.#defaultProvider(packageOf(goal.type), goal.version, goal.pluginDownloadUrl);
  }

  /** The reference of a package's default provider, which is registered when it is first needed. */
  #defaultProvider(name: string, version: string, downloadUrl: string): Promise<string> {
    const goal = this.#context.providers.defaultProvider(name, version, downloadUrl);
    const register = async () => {
      const { urn, id } = await this.register(goal);
      return `${urn}::${id || unknownValue}`;
    };
    return remembered(this.#defaultProviders, `${name}:${goal.name}`, register);
  }
}

/** A child has some options of its parent where it has none of its own. Source: `inheritFromParent` of Pulumi. */
function inherit(child: Goal, parent: Goal | undefined): Goal {
  if (!parent) return child;
  const { deletedWith, protect, retainOnDelete, provider = "" } = parent;
  const managesIt = child.custom && typeOf(provider) === providerType(packageOf(child.type));
  return {
    ...(deletedWith !== undefined && { deletedWith }),
    ...(protect !== undefined && { protect }),
    ...(retainOnDelete !== undefined && { retainOnDelete }),
    ...(managesIt && { provider }),
    ...child,
  };
}
