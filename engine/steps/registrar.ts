import type { PropertyMap } from "../protocol/property-value.ts";
import { unknownValue } from "../protocol/property-value.ts";
import { isProviderType, makeUrn, packageOf, stackType } from "../protocol/urn.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { aliasUrns } from "./aliases.ts";
import type { Goal } from "./goal.ts";
import { readResource } from "./read-resource.ts";
import { registerResource } from "./register-resource.ts";
import type { RunContext } from "./run-context.ts";
import { Interrupted } from "./run-context.ts";

/** Takes the registrations of a program: gives them their URNs and providers, and has the steps done. */
export class Registrar {
  readonly #context: RunContext;
  readonly #seen = new Set<string>();
  /** Former URNs of resources, for the children that had them in theirs. */
  readonly #formerUrns = new Map<string, string[]>();
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

  async #register(goal: Goal): Promise<ResourceState> {
    const urn = this.#claim(goal);
    this.#takeAliases(urn, goal);
    return registerResource(this.#context, urn, goal, await this.#providerOf(goal));
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

  /** Records the outputs of a component. Those of the stack count only once the program has ended well. */
  registerOutputs(urn: string, outputs: PropertyMap): void {
    const component = this.#context.state.current(urn);
    if (!component) throw new Error(`"${urn}" registers outputs but was never registered itself.`);
    if (component.type === stackType) this.#stackOutputs = { urn, outputs };
    else if (!component.custom) this.#context.state.register({ ...component, outputs });
  }

  /** Records the outputs of the stack. A program that failed has none: the old ones stay. */
  recordStackOutputs(): void {
    const { urn, outputs } = this.#stackOutputs ?? {};
    const stack = urn && this.#context.state.current(urn);
    if (stack && outputs) this.#context.state.register({ ...stack, outputs });
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

  /** Gives what has one of the resource's aliases in the state its URN. */
  #takeAliases(urn: string, goal: Goal): void {
    const { state, stack, project } = this.#context;
    const former = aliasUrns(goal, stack, project, this.#formerUrns.get(goal.parent ?? "") ?? []);
    if (former.length > 0) this.#formerUrns.set(urn, former);
    if (state.old(urn)) return;
    const found = former.find((alias) => !this.#seen.has(alias) && state.old(alias));
    if (found) state.rename(found, urn);
  }

  async #providerOf(goal: Goal): Promise<string | undefined> {
    if (!goal.custom || isProviderType(goal.type)) return undefined;
    return goal.provider ?? this.#defaultProvider(packageOf(goal.type), goal.version, goal.pluginDownloadUrl);
  }

  /** The reference of a package's default provider, which is registered when it is first needed. */
  #defaultProvider(name: string, version: string, downloadUrl: string): Promise<string> {
    const goal = this.#context.providers.defaultProvider(name, version, downloadUrl);
    let reference = this.#defaultProviders.get(`${name}:${goal.name}`);
    if (!reference) {
      reference = this.register(goal).then((state) => `${state.urn}::${state.id || unknownValue}`);
      this.#defaultProviders.set(`${name}:${goal.name}`, reference);
    }
    return reference;
  }
}
