import grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { findHeader } from "../../lib/protocol/find-header.ts";
import { containsUnknown, markSecretsLike, type PropertyMap, plainMap } from "../../lib/protocol/property-value.ts";
import { type Accepts, normalized } from "../../lib/protocol/special-values.ts";
import { fromStruct, toStruct } from "../../lib/protocol/struct.ts";
import { named, providerPackage, typeOf } from "../../lib/protocol/urn.ts";
import type { CheckResult } from "../../lib/provider/lifecycle.ts";
import { failuresOf, parseDiff } from "./provider-answers.ts";
import { type Answer, type ProviderConnection, ProviderError } from "./provider-connection.ts";
import type { CheckCall, DiffCall, ProviderDiff } from "./resource-provider.ts";

/** What a plugin said about itself when it was configured. */
export interface Capabilities {
  accepts: Accepts;
  supportsPreview: boolean;
  /** It can look for what an interrupted create left behind. */
  canFind: boolean;
}

/**
 * Hands a provider its configuration: the inputs of its provider resource.
 * @returns undefined where the inputs are not known yet; the plugin then must not be asked anything.
 */
export async function configureProvider(
  connection: ProviderConnection,
  urn: string,
  id: string,
  inputs: PropertyMap,
): Promise<Capabilities | undefined> {
  const { __internal, ...args } = inputs;
  if (containsUnknown(args)) return undefined;
  const request = named(new messages.ConfigureRequest(), urn);
  const namespace = providerPackage(typeOf(urn));
  for (const [key, value] of Object.entries(plainMap(args))) {
    if (key === "version") continue;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    request.getVariablesMap().set(`${namespace}:config:${key}`, text);
  }
  request.setArgs(toStruct(args));
  request.setAcceptsecrets(true);
  request.setAcceptresources(true);
  request.setSendsOldInputs(true);
  request.setSendsOldInputsToDelete(true);
  request.setId(id);
  const { response, headers } = await connection.query(connection.client.configure, request);
  return {
    accepts: { secrets: response.getAcceptsecrets(), resources: response.getAcceptresources() },
    supportsPreview: response.getSupportspreview(),
    canFind: headers.get(findHeader).length > 0,
  };
}

/** Checks a provider's own configuration; a plugin without such a check takes it as it is. */
export async function checkProviderConfig(connection: ProviderConnection, call: CheckCall): Promise<CheckResult> {
  const { newInputs } = call;
  const request = new messages.CheckRequest();
  request.setUrn(call.urn);
  request.setOlds(toStruct(plainMap(call.oldInputs)));
  request.setNews(toStruct(plainMap(newInputs)));
  const answer = await optional(connection.query(connection.client.checkConfig, request));
  if (!answer) return { inputs: newInputs, failures: [] };
  const inputs = markSecretsLike(normalized(fromStruct(answer.response.getInputs())), newInputs);
  return { inputs, failures: failuresOf(answer.response) };
}

/** Compares two configurations of a provider; without an answer the engine compares inputs. */
export async function diffProviderConfig(connection: ProviderConnection, call: DiffCall): Promise<ProviderDiff> {
  const request = new messages.DiffRequest();
  request.setUrn(call.urn);
  request.setId(call.id);
  request.setOlds(toStruct(plainMap(call.oldOutputs)));
  request.setOldInputs(toStruct(plainMap(call.oldInputs)));
  request.setNews(toStruct(plainMap(call.newInputs)));
  request.setIgnorechangesList(call.ignoreChanges);
  const answer = await optional(connection.query(connection.client.diffConfig, request));
  return parseDiff(answer?.response);
}

/** Undefined where the plugin does not have the method. */
async function optional<Response>(answer: Promise<Answer<Response>>): Promise<Answer<Response> | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderError && error.code === grpc.status.UNIMPLEMENTED) return undefined;
    throw error;
  }
}
