import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { fromStruct, toStruct } from "../../lib/protocol/struct.ts";
import type { CheckResult } from "../../lib/provider/lifecycle.ts";

/** A resource as an engine records it; secrets are in their wrappers, as they come over the wire. */
export interface RecordedResource {
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export interface WireDifference {
  action: "none" | "update" | "replace";
  /** Top-level names of what differs. */
  properties: string[];
  deleteBeforeReplace: boolean;
}

/** One resource type of the kit's provider, over gRPC. Every method rejects with the error that an engine would show. */
export interface ResourceClient {
  check(news: PropertyMap, olds?: PropertyMap): Promise<CheckResult>;
  diff(old: RecordedResource, newInputs: PropertyMap): Promise<WireDifference>;
  create(inputs: PropertyMap): Promise<RecordedResource>;
  /** What a preview says that the outputs will be; nothing is made. */
  previewCreate(inputs: PropertyMap): Promise<RecordedResource>;
  update(old: RecordedResource, newInputs: PropertyMap): Promise<RecordedResource>;
  /** undefined: the resource is gone. */
  read(old: RecordedResource): Promise<RecordedResource | undefined>;
  delete(old: RecordedResource): Promise<void>;
}

export interface PluginClient extends AsyncDisposable {
  resource(type: string, name?: string): ResourceClient;
  /** The schema of its package, JSON. */
  schema(): Promise<string>;
  /** Makes a component for a program whose resources go to the monitor at this address. @returns its state */
  construct(type: string, inputs: PropertyMap, monitor: string, preview?: boolean): Promise<PropertyMap>;
  /** What the provider has logged so far, as `warning: text`; lines may come in a moment after the answer. */
  log: string[];
}

/** The kit's own provider as a process, driven as an engine does it; stopped at the end of the `await using` block. */
export async function startPlugin(): Promise<PluginClient> {
  const log: string[] = [];
  const engine = await serveEngineLog(log);
  const executable = fileURLToPath(new URL("../../provider/pulumi-resource-registry-kit", import.meta.url));
  const child = spawn(process.execPath, [executable, engine.address], { stdio: ["ignore", "pipe", "inherit"] });
  const stop = async () => {
    engine.server.forceShutdown();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill();
    await exited;
  };
  try {
    const [port] = await once(createInterface(child.stdout), "line", { signal: AbortSignal.timeout(20_000) });
    const client = new providerServices.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    return {
      log,
      resource: (type, name = "test") => resourceClient(client, `urn:pulumi:test::registry-kit::${type}::${name}`),
      async schema() {
        return (await call(client, client.getSchema, new messages.GetSchemaRequest())).getSchema();
      },
      async construct(type, inputs, monitor, preview = false) {
        const request = new messages.ConstructRequest();
        request.setProject("images");
        request.setStack("test");
        request.setParallel(4);
        request.setDryrun(preview);
        request.setMonitorendpoint(monitor);
        request.setType(type);
        request.setName("registry");
        request.setInputs(toStruct(inputs));
        return fromStruct((await call(client, client.construct, request)).getState());
      },
      async [Symbol.asyncDispose]() {
        client.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Client = InstanceType<typeof providerServices.ResourceProviderClient>;

function resourceClient(client: Client, urn: string): ResourceClient {
  const create = async (inputs: PropertyMap, preview: boolean): Promise<RecordedResource> => {
    const request = new messages.CreateRequest();
    request.setUrn(urn);
    request.setProperties(toStruct(inputs));
    request.setPreview(preview);
    const response = await call(client, client.create, request);
    return { id: response.getId(), inputs, outputs: fromStruct(response.getProperties()) };
  };
  return {
    async check(news, olds = {}) {
      const request = new messages.CheckRequest();
      request.setUrn(urn);
      request.setOlds(toStruct(olds));
      request.setNews(toStruct(news));
      const response = await call(client, client.check, request);
      const failures = response.getFailuresList().map((failure) => failure.toObject());
      return { inputs: fromStruct(response.getInputs()), failures };
    },
    async diff(old, newInputs) {
      const request = changeRequest(new messages.DiffRequest(), urn, old, newInputs);
      const response = await call(client, client.diff, request);
      const none = response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_NONE;
      return {
        action: none ? "none" : response.getReplacesList().length > 0 ? "replace" : "update",
        properties: response.getDiffsList().toSorted(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    create: (inputs) => create(inputs, false),
    previewCreate: (inputs) => create(inputs, true),
    async update(old, newInputs) {
      const request = changeRequest(new messages.UpdateRequest(), urn, old, newInputs);
      const response = await call(client, client.update, request);
      return { id: old.id, inputs: newInputs, outputs: fromStruct(response.getProperties()) };
    },
    async read(old) {
      const request = new messages.ReadRequest();
      request.setUrn(urn);
      request.setId(old.id);
      request.setInputs(toStruct(old.inputs));
      request.setProperties(toStruct(old.outputs));
      const response = await call(client, client.read, request);
      if (response.getId() === "") return undefined;
      const inputs = fromStruct(response.getInputs());
      return { id: response.getId(), inputs, outputs: fromStruct(response.getProperties()) };
    },
    async delete(old) {
      const request = new messages.DeleteRequest();
      request.setUrn(urn);
      request.setId(old.id);
      request.setOldInputs(toStruct(old.inputs));
      request.setProperties(toStruct(old.outputs));
      await call(client, client.delete, request);
    },
  };
}

/** Diff and update carry the same fields. */
function changeRequest<Request extends messages.DiffRequest | messages.UpdateRequest>(
  request: Request,
  urn: string,
  old: RecordedResource,
  newInputs: PropertyMap,
): Request {
  request.setUrn(urn);
  request.setId(old.id);
  request.setOldInputs(toStruct(old.inputs));
  request.setOlds(toStruct(old.outputs));
  request.setNews(toStruct(newInputs));
  return request;
}

type Method<Request, Response> = (
  request: Request,
  metadata: grpc.Metadata,
  options: grpc.CallOptions,
  done: grpc.requestCallback<Response>,
) => unknown;

function call<Request, Response>(
  client: Client,
  method: Method<Request, Response>,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = { deadline: Date.now() + 60_000 };
    method.call(client, request, new grpc.Metadata(), options, (error, response) =>
      error ? reject(error) : resolve(response as Response),
    );
  });
}

/** The part of an engine that takes log lines. */
async function serveEngineLog(lines: string[]): Promise<{ server: grpc.Server; address: string }> {
  const server = new grpc.Server();
  const severities = ["debug", "info", "warning", "error"];
  server.addService(engineServices.EngineService, {
    log(request: { request: engineMessages.LogRequest }, done: grpc.sendUnaryData<empty.Empty>) {
      lines.push(`${severities[request.request.getSeverity()]}: ${request.request.getMessage()}`);
      done(null, new empty.Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { server, address: `127.0.0.1:${port}` };
}
