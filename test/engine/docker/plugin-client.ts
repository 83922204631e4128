import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { channelOptions } from "../../../lib/protocol/channel-options.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { fromStruct, toStruct } from "../../../lib/protocol/struct.ts";

/** A running plugin process and the requests that the tests send to it; plain objects in and out. */
export interface PluginClient {
  getSchema(): Promise<unknown>;
  checkConfig(config: PropertyMap): Promise<Checked>;
  configure(config: PropertyMap): Promise<void>;
  check(urn: string, oldInputs: PropertyMap, newInputs: PropertyMap): Promise<Checked>;
  diff(request: DiffArguments): Promise<Diffed>;
  create(urn: string, inputs: PropertyMap, preview?: boolean): Promise<{ id: string; outputs: PropertyMap }>;
  read(urn: string, id: string, inputs: PropertyMap, outputs: PropertyMap): Promise<ReadAnswer>;
  update(request: DiffArguments & { preview?: boolean }): Promise<PropertyMap>;
  delete(urn: string, id: string, inputs: PropertyMap, outputs: PropertyMap): Promise<void>;
  invoke(token: string, args: PropertyMap): Promise<{ result: PropertyMap; failures: string[] }>;
  stop(): void;
}

export interface Checked {
  inputs: PropertyMap;
  failures: { property: string; reason: string }[];
}

export interface ReadAnswer {
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export interface DiffArguments {
  urn: string;
  id: string;
  oldInputs: PropertyMap;
  oldOutputs: PropertyMap;
  newInputs: PropertyMap;
}

export interface Diffed {
  changes: "unknown" | "none" | "some";
  diffs: string[];
  replaces: string[];
  deleteBeforeReplace: boolean;
  detailed: Record<string, string>;
}

/** What a plugin answers when a resource was made but is not what it should be. */
export class InitFailed extends Error {
  readonly id: string;
  readonly outputs: PropertyMap;
  constructor(message: string, id: string, outputs: PropertyMap) {
    super(message);
    this.id = id;
    this.outputs = outputs;
  }
}

const randomSeed = Uint8Array.from({ length: 32 }, (_, index) => index);
const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

export async function startPlugin(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<PluginClient> {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const port = await firstLine(child);
  const client = new providerServices.ResourceProviderClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
    channelOptions,
  ) as unknown as Record<string, (request: unknown, callback: grpc.requestCallback<unknown>) => void>;
  const call = <Response>(method: string, request: unknown): Promise<Response> =>
    new Promise((resolve, reject) => {
      client[method]?.(request, (error, response) =>
        error ? reject(asInitFailed(error)) : resolve(response as Response),
      );
    });
  return {
    async getSchema() {
      const response = await call<messages.GetSchemaResponse>("getSchema", new messages.GetSchemaRequest());
      return JSON.parse(response.getSchema());
    },
    async checkConfig(config) {
      const request = new messages.CheckRequest();
      request.setUrn("urn:pulumi:test::project::pulumi:providers:docker::default");
      request.setNews(toStruct(config));
      return checked(await call<messages.CheckResponse>("checkConfig", request));
    },
    async configure(config) {
      const request = new messages.ConfigureRequest();
      request.setArgs(toStruct(config));
      for (const [key, value] of Object.entries(config)) {
        request
          .getVariablesMap()
          .set(`docker:config:${key}`, typeof value === "string" ? value : JSON.stringify(value));
      }
      request.setAcceptsecrets(true);
      request.setAcceptresources(true);
      await call("configure", request);
    },
    async check(urn, oldInputs, newInputs) {
      const request = new messages.CheckRequest();
      request.setUrn(urn);
      request.setOlds(toStruct(oldInputs));
      request.setNews(toStruct(newInputs));
      request.setRandomseed(randomSeed);
      return checked(await call<messages.CheckResponse>("check", request));
    },
    async diff({ urn, id, oldInputs, oldOutputs, newInputs }) {
      const request = new messages.DiffRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOldInputs(toStruct(oldInputs));
      request.setOlds(toStruct(oldOutputs));
      request.setNews(toStruct(newInputs));
      const response = await call<messages.DiffResponse>("diff", request);
      const details = response.getDetaileddiffMap().toArray() as unknown as [string, (number | undefined)[]][];
      return {
        changes: (["unknown", "none", "some"] as const)[response.getChanges()] ?? "unknown",
        diffs: response.getDiffsList().sort(),
        replaces: response.getReplacesList().sort(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
        detailed: Object.fromEntries(details.map(([path, [kind]]) => [path, kinds[kind ?? 0] ?? "?"])),
      };
    },
    async create(urn, inputs, preview = false) {
      const request = new messages.CreateRequest();
      request.setUrn(urn);
      request.setProperties(toStruct(inputs));
      request.setPreview(preview);
      const response = await call<messages.CreateResponse>("create", request);
      return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
    },
    async read(urn, id, inputs, outputs) {
      const request = new messages.ReadRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setInputs(toStruct(inputs));
      request.setProperties(toStruct(outputs));
      const response = await call<messages.ReadResponse>("read", request);
      return {
        id: response.getId(),
        inputs: fromStruct(response.getInputs()),
        outputs: fromStruct(response.getProperties()),
      };
    },
    async update({ urn, id, oldInputs, oldOutputs, newInputs, preview = false }) {
      const request = new messages.UpdateRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOldInputs(toStruct(oldInputs));
      request.setOlds(toStruct(oldOutputs));
      request.setNews(toStruct(newInputs));
      request.setPreview(preview);
      return fromStruct((await call<messages.UpdateResponse>("update", request)).getProperties());
    },
    async delete(urn, id, inputs, outputs) {
      const request = new messages.DeleteRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOldInputs(toStruct(inputs));
      request.setProperties(toStruct(outputs));
      await call("delete", request);
    },
    async invoke(token, args) {
      const request = new messages.InvokeRequest();
      request.setTok(token);
      request.setArgs(toStruct(args));
      const response = await call<messages.InvokeResponse>("invoke", request);
      return {
        result: fromStruct(response.getReturn()),
        failures: response.getFailuresList().map((failure) => failure.getReason()),
      };
    },
    stop() {
      child.kill("SIGKILL");
    },
  };
}

function checked(response: messages.CheckResponse): Checked {
  return {
    inputs: fromStruct(response.getInputs()),
    failures: response
      .getFailuresList()
      .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
  };
}

function asInitFailed(error: grpc.ServiceError): Error {
  const [packed] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!(packed instanceof Buffer)) return error;
  const [detail] = statusMessages.Status.deserializeBinary(packed).getDetailsList();
  if (!detail?.getTypeName().endsWith("ErrorResourceInitFailed")) return error;
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return new InitFailed(failed.getReasonsList().join("; "), failed.getId(), fromStruct(failed.getProperties()));
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("the plugin has no standard output");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("the plugin ended without a port");
}
