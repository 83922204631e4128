import grpc from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { channelOptions } from "../../lib/protocol/channel-options.ts";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { fromStruct } from "../../lib/protocol/struct.ts";
import type { PluginProcess } from "./plugin-process.ts";

/** Seconds that calls may take. */
export interface CallLimits {
  /** Check, diff, read, functions, configuration. */
  query: number;
  /** Create, update and delete of a resource without customTimeouts. */
  change: number;
}

/** A method of a generated gRPC client that takes one message and answers with one. */
export type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: grpc.Metadata,
  options: Partial<grpc.CallOptions>,
  callback: (error: grpc.ServiceError | null, response: Response) => void,
) => grpc.ClientUnaryCall;

/** An answer of a provider, with the headers that came before it. */
export interface Answer<Response> {
  response: Response;
  headers: grpc.Metadata;
}

/** A plugin's refusal or failure; the message is its own. */
export class ProviderError extends Error {
  override name = "ProviderError";
  readonly code: grpc.status;
  /** The object exists although the operation failed. */
  readonly partial: PartialObject | undefined;
  constructor(message: string, code: grpc.status, partial?: PartialObject) {
    super(message);
    this.code = code;
    this.partial = partial;
  }
}

export interface PartialObject {
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  reasons: string[];
}

/** The gRPC connection to a plugin process. */
export class ProviderConnection {
  readonly client: providerServices.ResourceProviderClient;
  readonly #process: PluginProcess;
  readonly #limits: CallLimits;

  constructor(process: PluginProcess, limits: CallLimits) {
    this.#process = process;
    this.#limits = limits;
    this.client = new providerServices.ResourceProviderClient(
      process.address,
      grpc.credentials.createInsecure(),
      // A call must never be made twice behind the back of the engine.
      { ...channelOptions, "grpc.enable_retries": 0 },
    );
  }

  /** Asks for something. @throws {ProviderError} */
  query<Request, Response>(method: UnaryMethod<Request, Response>, request: Request): Promise<Answer<Response>> {
    return this.#call(method, request, this.#limits.query);
  }

  /**
   * Has something changed.
   * @param timeout seconds that the provider itself gives up after, and has time to say so; 0: the program sets none.
   * @throws {ProviderError}
   */
  change<Request, Response>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    timeout: number,
  ): Promise<Answer<Response>> {
    return this.#call(method, request, timeout > 0 ? timeout + 60 : this.#limits.change);
  }

  /** Whether the plugin's process is gone. */
  get ended(): boolean {
    return this.#process.ended;
  }

  close(): void {
    this.client.close();
    this.#process.kill();
  }

  #call<Request, Response>(method: UnaryMethod<Request, Response>, request: Request, seconds: number) {
    return callPlugin(this.client, method, request, seconds, async (error) => {
      const problem = await callProblem(error, this.#process, `Provider "${this.#process.name}"`, seconds);
      return new ProviderError(problem ?? error.details, error.code, partialObject(error.metadata));
    });
  }
}

/** Makes one call. @param explain makes what is thrown of what grpc-js says. */
export function callPlugin<Request, Response>(
  client: grpc.Client,
  method: UnaryMethod<Request, Response>,
  request: Request,
  seconds: number,
  explain: (error: grpc.ServiceError) => Promise<ProviderError>,
): Promise<Answer<Response>> {
  return new Promise((resolve, reject) => {
    let headers = new grpc.Metadata();
    const options = { deadline: Date.now() + seconds * 1000 };
    const call = method.call(client, request, new grpc.Metadata(), options, (error, response) =>
      error ? explain(error).then(reject) : resolve({ response, headers }),
    );
    call.on("metadata", (received) => {
      headers = received;
    });
  });
}

/** Why a plugin has not answered; undefined: it has, with an error of its own. @param name of the plugin in messages. */
export async function callProblem(
  { code, details }: grpc.ServiceError,
  process: PluginProcess,
  name: string,
  seconds: number,
): Promise<string | undefined> {
  if (code === grpc.status.DEADLINE_EXCEEDED) return `${name} did not answer within ${seconds} s.`;
  if (code !== grpc.status.UNAVAILABLE) return undefined;
  // The connection breaks before the end of the process is known.
  return `${name}: ${(await process.ending()) ?? `no connection (${details})`}`;
}

/** Reads the half-made object out of an error; source: `grpcResponseFromError` of the SDK's dynamic provider. */
function partialObject(metadata: grpc.Metadata | undefined): PartialObject | undefined {
  for (const value of metadata?.get("grpc-status-details-bin") ?? []) {
    if (typeof value === "string") continue;
    for (const packed of statusMessages.Status.deserializeBinary(value).getDetailsList()) {
      if (!packed.getTypeUrl().endsWith("ErrorResourceInitFailed")) continue;
      const detail = messages.ErrorResourceInitFailed.deserializeBinary(packed.getValue_asU8());
      return {
        id: detail.getId(),
        inputs: fromStruct(detail.getInputs()),
        outputs: fromStruct(detail.getProperties()),
        reasons: detail.getReasonsList(),
      };
    }
  }
  return undefined;
}
