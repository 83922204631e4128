import grpc from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { findHeader } from "../protocol/find-header.ts";
import { topLevel } from "../protocol/property-path.ts";
import type { PropertyMap } from "../protocol/property-value.ts";
import { fromStruct, toStruct } from "../protocol/struct.ts";
import { typeOf } from "../protocol/urn.ts";
import { errorStatus, NotImplemented } from "./error-status.ts";
import { failureMessage } from "./failure-message.ts";
import type { CheckFailure, Difference, Lifecycle, RequestContext } from "./lifecycle.ts";
import type { EngineLog, Provider } from "./provider.ts";

/** Where the engine is. */
export interface EngineAddress {
  attach(address: string): void;
  address(): string;
}

/** The gRPC handlers of a provider: messages in, lifecycle calls, messages out. To any other method grpc-js answers UNIMPLEMENTED. */
export function providerHandlers(
  provider: Provider,
  log: EngineLog,
  { attach, address }: EngineAddress,
): grpc.UntypedServiceImplementation {
  const target = async (urn: string): Promise<{ lifecycle: Lifecycle; context: RequestContext }> => {
    const type = typeOf(urn);
    const lifecycle = await provider.lifecycle(type);
    if (!lifecycle) throw new Error(`This provider (version ${provider.version}) has no resource type "${type}".`);
    return { lifecycle, context: { urn, log: (severity, message) => log(urn, severity, message) } };
  };
  const handlers: Record<string, grpc.handleUnaryCall<never, unknown>> = {
    handshake: answer((request: messages.ProviderHandshakeRequest) => {
      if (request.getEngineAddress()) attach(request.getEngineAddress());
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setAcceptOutputs(true);
      return response;
    }),
    attach: answer((request: pluginMessages.PluginAttach) => {
      attach(request.getAddress());
      return new empty.Empty();
    }),
    getPluginInfo: answer(() => {
      const response = new pluginMessages.PluginInfo();
      response.setVersion(provider.version);
      return response;
    }),
    cancel: answer(() => new empty.Empty()),
    checkConfig: answer(async (request: messages.CheckRequest) => {
      const news = fromStruct(request.getNews());
      const { inputs, failures } = (await provider.checkConfig?.(news)) ?? { inputs: news, failures: [] };
      return checkResponse(inputs, failures);
    }),
    configure: answer(async (request: messages.ConfigureRequest, headers) => {
      headers.set(findHeader, "1");
      await provider.configure?.(fromStruct(request.getArgs()));
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      // The engine sends them to Construct alone.
      response.setAcceptoutputs(true);
      return response;
    }),
    getSchema: answer(async (request: messages.GetSchemaRequest) => {
      if (!provider.schema) throw new NotImplemented();
      if (request.getVersion() !== 0)
        throw new Error(`This provider knows schemas of version 0, not ${request.getVersion()}.`);
      const response = new messages.GetSchemaResponse();
      response.setSchema(await provider.schema());
      return response;
    }),
    construct: answer(async (request: messages.ConstructRequest) => {
      if (!provider.components) throw new NotImplemented();
      const { construct } = await import("./construct.ts");
      return construct(provider.components, request, address());
    }),
    invoke: answer(async (request: messages.InvokeRequest) => {
      const result = await provider.invoke?.(request.getTok(), fromStruct(request.getArgs()));
      if (!result) throw new Error(`This provider has no function "${request.getTok()}".`);
      const response = new messages.InvokeResponse();
      response.setReturn(toStruct(result));
      return response;
    }),
    check: answer(async (request: messages.CheckRequest) => {
      const { lifecycle, context } = await target(request.getUrn());
      const { inputs, failures } = await lifecycle.check({
        ...context,
        oldInputs: fromStruct(request.getOlds()),
        newInputs: fromStruct(request.getNews()),
        randomSeed: request.getRandomseed_asU8(),
      });
      return checkResponse(inputs, failures);
    }),
    diff: answer(async (request: messages.DiffRequest) => {
      const { lifecycle, context } = await target(request.getUrn());
      return diffResponse(await lifecycle.diff({ ...context, ...changeIn(request) }));
    }),
    create: answer(async (request: messages.CreateRequest) => {
      const { lifecycle, context } = await target(request.getUrn());
      const inputs = fromStruct(request.getProperties());
      const preview = request.getPreview();
      const { id, outputs } = await lifecycle.create({ ...context, inputs, preview, timeout: request.getTimeout() });
      const response = new messages.CreateResponse();
      response.setId(id);
      response.setProperties(toStruct(outputs));
      return response;
    }),
    update: answer(async (request: messages.UpdateRequest) => {
      const { lifecycle, context } = await target(request.getUrn());
      const [preview, timeout] = [request.getPreview(), request.getTimeout()];
      const outputs = await lifecycle.update({ ...context, ...changeIn(request), preview, timeout });
      const response = new messages.UpdateResponse();
      response.setProperties(toStruct(outputs));
      return response;
    }),
    read: answer(async (request: messages.ReadRequest) => {
      const { lifecycle, context } = await target(request.getUrn());
      const inputs = fromStruct(request.getInputs());
      const outputs = fromStruct(request.getProperties());
      const id = request.getId();
      if (id === "" && !lifecycle.find) throw new NotImplemented();
      const live =
        id === ""
          ? await lifecycle
              .find?.({ ...context, inputs, since: sinceOf(outputs) })
              .then((found) => found && { inputs, ...found })
          : await lifecycle.read({ ...context, id, inputs, outputs });
      const response = new messages.ReadResponse();
      if (!live) return response; // no id: the resource is gone
      response.setId(live.id);
      response.setInputs(toStruct(live.inputs));
      response.setProperties(toStruct(live.outputs));
      return response;
    }),
    delete: answer(async (request: messages.DeleteRequest) => {
      const { lifecycle, context } = await target(request.getUrn());
      const inputs = fromStruct(request.getOldInputs());
      const outputs = fromStruct(request.getProperties());
      await lifecycle.delete({ ...context, id: request.getId(), inputs, outputs, timeout: request.getTimeout() });
      return new empty.Empty();
    }),
  };
  return handlers as unknown as grpc.UntypedServiceImplementation;
}

function changeIn(request: messages.DiffRequest | messages.UpdateRequest) {
  return {
    id: request.getId(),
    oldInputs: fromStruct(request.getOldInputs()),
    oldOutputs: fromStruct(request.getOlds()),
    newInputs: fromStruct(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

/** When the interrupted create began; an engine that did not write it down leaves everything possible. */
function sinceOf({ since }: PropertyMap): Date {
  return new Date(typeof since === "string" ? since : 0);
}

function answer<Request, Response>(handle: (request: Request, headers: grpc.Metadata) => Response | Promise<Response>) {
  return (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>): void => {
    const headers = new grpc.Metadata();
    Promise.resolve()
      .then(() => handle(call.request, headers))
      .then((response) => {
        if (Object.keys(headers.getMap()).length > 0) call.sendMetadata(headers);
        callback(null, response);
      })
      .catch((error: unknown) => callback(errorStatus(error)));
  };
}

function checkResponse(inputs: Parameters<typeof toStruct>[0], failures: CheckFailure[]): messages.CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(failures.map(failureMessage));
  return response;
}

function diffResponse(difference: Difference): messages.DiffResponse {
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(difference.action === "none" ? DIFF_NONE : DIFF_SOME);
  response.setDeletebeforereplace(difference.deleteBeforeReplace ?? false);
  response.setHasdetaileddiff(true);
  response.setDiffsList([...new Set(difference.changes.map((change) => topLevel(change.path)))]);
  const replacing = difference.changes.filter((change) => change.replaces);
  response.setReplacesList([...new Set(replacing.map((change) => topLevel(change.path)))]);
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
  const kinds = {
    add: [ADD, ADD_REPLACE],
    delete: [DELETE, DELETE_REPLACE],
    update: [UPDATE, UPDATE_REPLACE],
  } as const;
  for (const change of difference.changes) {
    const detail = new messages.PropertyDiff();
    detail.setKind(kinds[change.kind][change.replaces ? 1 : 0]);
    detail.setInputdiff(change.inputDiff);
    response.getDetaileddiffMap().set(change.path, detail);
  }
  return response;
}
