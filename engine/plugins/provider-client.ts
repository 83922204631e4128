import grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { markSecretsLike, type PropertyMap } from "../../lib/protocol/property-value.ts";
import { forProvider, normalized, withoutContents, withoutUnknowns } from "../../lib/protocol/special-values.ts";
import { fromStruct, type Struct, toStruct } from "../../lib/protocol/struct.ts";
import { named } from "../../lib/protocol/urn.ts";
import type { CheckResult } from "../../lib/provider/lifecycle.ts";
import { type Capabilities, diffProviderConfig } from "./configure-provider.ts";
import { failuresOf, parseDiff } from "./provider-answers.ts";
import { type ProviderConnection, ProviderError } from "./provider-connection.ts";
import type {
  CheckCall,
  CreateCall,
  DeleteCall,
  DiffCall,
  FindCall,
  Found,
  Live,
  Made,
  ProviderDiff,
  ReadCall,
  ResourceProvider,
  UpdateCall,
} from "./resource-provider.ts";

/** Talks to one configured provider plugin in property maps, and makes up for what the plugin does not know. */
export class ProviderClient implements ResourceProvider {
  readonly #connection: ProviderConnection;
  readonly #capabilities: Capabilities | undefined;

  /** @param capabilities undefined where the configuration is not known yet, in a preview: the plugin then cannot be asked. */
  constructor(connection: ProviderConnection, capabilities: Capabilities | undefined) {
    this.#connection = connection;
    this.#capabilities = capabilities;
  }

  async check(call: CheckCall): Promise<CheckResult> {
    if (!this.#capabilities) return { inputs: call.newInputs, failures: [] };
    const request = named(new messages.CheckRequest(), call.urn);
    request.setOlds(this.#out(call.oldInputs));
    request.setNews(this.#out(call.newInputs));
    request.setRandomseed(call.randomSeed);
    const { response } = await this.#connection.query(this.#connection.client.check, request);
    return { inputs: this.#in(response.getInputs(), call.newInputs), failures: failuresOf(response) };
  }

  async diff(call: DiffCall): Promise<ProviderDiff> {
    if (!this.#capabilities) return parseDiff(undefined);
    const request = this.#changed(new messages.DiffRequest(), call);
    request.setNews(this.#elided(call.newInputs));
    const { response } = await this.#connection.query(this.#connection.client.diff, request);
    return parseDiff(response);
  }

  async create(call: CreateCall): Promise<Made> {
    if (call.preview && !this.#capabilities?.supportsPreview) return this.#guessed("", call.inputs);
    const request = named(new messages.CreateRequest(), call.urn);
    request.setProperties(this.#out(call.inputs, call.preview));
    request.setPreview(call.preview);
    request.setTimeout(call.timeout);
    return this.#made(call.inputs, call.preview, async () => {
      const { response } = await this.#connection.change(this.#connection.client.create, request, call.timeout);
      if (response.getId() === "" && !call.preview)
        throw new ProviderError("The provider made the resource but told no id.", grpc.status.INTERNAL);
      return { id: response.getId(), properties: response.getProperties() };
    });
  }

  async update(call: UpdateCall): Promise<Made> {
    if (call.preview && !this.#capabilities?.supportsPreview) return this.#guessed(call.id, call.newInputs);
    const request = this.#changed(new messages.UpdateRequest(), call);
    request.setNews(this.#out(call.newInputs, call.preview));
    request.setPreview(call.preview);
    request.setTimeout(call.timeout);
    return this.#made(call.newInputs, call.preview, async () => {
      const { response } = await this.#connection.change(this.#connection.client.update, request, call.timeout);
      return { id: call.id, properties: response.getProperties() };
    });
  }

  async read(call: ReadCall): Promise<Live | undefined> {
    const request = named(new messages.ReadRequest(), call.urn);
    request.setId(call.id);
    request.setInputs(this.#elided(call.inputs));
    request.setProperties(this.#elided(call.outputs));
    try {
      const { response } = await this.#connection.query(this.#connection.client.read, request);
      if (response.getId() === "") return undefined;
      const inputs = response.getInputs() && { inputs: this.#in(response.getInputs(), call.inputs) };
      const outputs = this.#in(response.getProperties(), call.outputs);
      return { id: response.getId(), ...inputs, outputs, initErrors: [] };
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.partial) throw error;
      const { id, inputs, outputs, reasons } = error.partial;
      const known = Object.keys(inputs).length > 0 && { inputs: this.#mark(inputs, call.inputs) };
      return { id: id || call.id, ...known, outputs: this.#mark(outputs, call.outputs), initErrors: reasons };
    }
  }

  async find({ urn, inputs, since }: FindCall): Promise<Found> {
    if (!this.#capabilities?.canFind) return { kind: "unsupported" };
    try {
      const live = await this.read({ urn, id: "", inputs, outputs: since ? { since } : {} });
      if (!live) return { kind: "none" };
      const outputs = this.#mark(live.outputs, inputs);
      return { kind: "found", object: { id: live.id, inputs, outputs, reasons: live.initErrors } };
    } catch (error) {
      if (error instanceof ProviderError && error.code === grpc.status.UNIMPLEMENTED) return { kind: "unsupported" };
      throw error;
    }
  }

  async delete(call: DeleteCall): Promise<void> {
    const request = named(new messages.DeleteRequest(), call.urn);
    request.setId(call.id);
    request.setOldInputs(this.#elided(call.inputs));
    request.setProperties(this.#elided(call.outputs));
    request.setTimeout(call.timeout);
    await this.#connection.change(this.#connection.client.delete, request, call.timeout);
  }

  /** Whether resources of another provider with the same or other configuration must be made again to go over to this one. */
  async replacesResources(urn: string, old: PropertyMap, current: PropertyMap): Promise<boolean> {
    const call = { urn, id: "", oldInputs: old, oldOutputs: old, newInputs: current, ignoreChanges: [] };
    const diff = await diffProviderConfig(this.#connection, call);
    return diff.replaces.length > 0 || diff.detailed.some((change) => change.replaces);
  }

  /** Runs a function of the package, such as `docker:index/getNetwork:getNetwork`. */
  async invoke(token: string, args: PropertyMap, preview: boolean) {
    const request = new messages.InvokeRequest();
    request.setTok(token);
    request.setArgs(this.#out(args));
    request.setPreview(preview);
    const { response } = await this.#connection.query(this.#connection.client.invoke, request);
    return { result: this.#in(response.getReturn(), {}), failures: failuresOf(response) };
  }

  /** A request about a change, without the new inputs. */
  #changed<Request extends messages.DiffRequest | messages.UpdateRequest>(request: Request, call: DiffCall): Request {
    request.setId(call.id);
    request.setOlds(this.#elided(call.oldOutputs));
    request.setOldInputs(this.#elided(call.oldInputs));
    request.setIgnorechangesList(call.ignoreChanges);
    return named(request, call.urn);
  }

  /** What a preview says where the plugin cannot: nothing, or that the outputs will be the inputs. */
  #guessed(id: string, inputs: PropertyMap): Made {
    return { id, outputs: this.#capabilities ? inputs : {}, initErrors: [] };
  }

  /** Runs a create or update; a failure that left an object behind is a result too. */
  async #made(
    inputs: PropertyMap,
    preview: boolean,
    run: () => Promise<{ id: string; properties: Struct | undefined }>,
  ): Promise<Made> {
    try {
      const { id, properties } = await run();
      const outputs = this.#in(properties, inputs);
      return { id, outputs: preview ? outputs : withoutUnknowns(outputs), initErrors: [] };
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.partial?.id) throw error;
      const { id, outputs, reasons } = error.partial;
      return { id, outputs: this.#mark(outputs, inputs), initErrors: reasons.length > 0 ? reasons : [error.message] };
    }
  }

  #out(map: PropertyMap, keepUnknowns = true): Struct {
    const accepts = this.#capabilities?.accepts ?? { secrets: false, resources: false };
    return toStruct(forProvider(keepUnknowns ? map : withoutUnknowns(map), accepts));
  }

  #elided(map: PropertyMap): Struct {
    return this.#out(withoutContents(map));
  }

  #in(struct: Struct | undefined, like: PropertyMap): PropertyMap {
    return this.#mark(fromStruct(struct), like);
  }

  /** A provider that was sent no secrets cannot mark them in its answers: what was secret on the way out is so again. */
  #mark(map: PropertyMap, like: PropertyMap): PropertyMap {
    const answer = normalized(map);
    return this.#capabilities?.accepts.secrets ? answer : markSecretsLike(answer, like);
  }
}
