import grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { normalized } from "../../lib/protocol/special-values.ts";
import { fromStruct, type Struct, toStruct } from "../../lib/protocol/struct.ts";
import { failureMessage } from "../../lib/provider/failure-message.ts";
import type { Registrar } from "../steps/registrar.ts";
import { Interrupted, Reported } from "../steps/run-context.ts";
import { hashAssets } from "./hash-assets.ts";
import { parseGoal, parseReadGoal } from "./parse-goal.ts";
import { needsCli, readStackOutputs, unsupportedFeature, unsupportedType } from "./unsupported-features.ts";

/** What the resource monitor serves a program with. */
export interface MonitorOptions {
  /** Ready once the state is loaded: programs start earlier. */
  registrar: Promise<Registrar>;
  /** `folder`: that the program runs in. */
  deployment: { project: string; stack: string; preview: boolean; parallel: number; folder: string };
  /** Ends the whole run with a message: nothing can be right after this. */
  abort(message: string): void;
  /** A registration came or was answered: the program is alive. */
  active(): void;
}

/** Features of which the program may make use, or whose use must reach the engine, which refuses them by name. */
const features = [
  "SECRETS RESOURCE_REFERENCES OUTPUT_VALUES ALIAS_SPECS REPLACEMENT_TRIGGER DELETED_WITH REPLACE_WITH TRANSFORMS",
  "INVOKE_TRANSFORMS PARAMETERIZATION RESOURCE_HOOKS ERROR_HOOKS STATE_MIGRATIONS",
].flatMap((names) => names.split(" ").map(featureOf));

function featureOf(name: string) {
  const { ResourceMonitorFeature } = messages;
  return ResourceMonitorFeature[`RESOURCE_MONITOR_FEATURE_${name}` as keyof typeof ResourceMonitorFeature];
}

/**
 * The ResourceMonitor service: what a program asks for while it runs.
 * @param current of the pass that is under way.
 */
export function monitorService(current: () => MonitorOptions): grpc.UntypedServiceImplementation {
  const abort = (message: string) => current().abort(message);
  const properties = (struct: Struct | undefined) =>
    hashAssets(normalized(fromStruct(struct)), current().deployment.folder);
  const refuse = (feature: string, where: string): never => {
    abort(needsCli(feature, where));
    throw new Reported(feature);
  };
  const handlers: Record<string, grpc.handleUnaryCall<never, unknown>> = {
    getDeploymentInfo: answer(() => {
      const { project, stack, preview, parallel } = current().deployment;
      const info = new messages.DeploymentInfo();
      info.setProject(project);
      info.setStack(stack);
      info.setOrganization("organization");
      info.setDryrun(preview);
      info.setParallel(parallel);
      info.setSupportedfeaturesList(features);
      return info;
    }),
    supportsFeature: answer((request: messages.SupportsFeatureRequest) => {
      const name = request.getId().replace(/[A-Z]/g, "_$&").toUpperCase();
      const response = new messages.SupportsFeatureResponse();
      response.setHassupport(features.includes(featureOf(name)));
      return response;
    }),
    registerResource: answer(async (request: messages.RegisterResourceRequest) => {
      current().active();
      const feature = unsupportedFeature(request);
      if (feature) refuse(feature, `"${request.getName()}" (${request.getType()})`);
      const registrar = await current().registrar;
      const response = new messages.RegisterResourceResponse();
      try {
        const state = await registrar.register(parseGoal(request, await properties(request.getObject())));
        response.setUrn(state.urn);
        response.setId(state.id ?? "");
        response.setObject(toStruct(request.getCustom() ? state.outputs : {}));
      } catch (error) {
        // A program that can take a failure goes on with what does not depend on it.
        if (!(error instanceof Reported) || !request.getSupportsresultreporting()) throw error;
        response.setResult(messages.Result.FAIL);
      } finally {
        current().active();
      }
      return response;
    }, abort),
    registerResourceOutputs: answer(async (request: messages.RegisterResourceOutputsRequest) => {
      const registrar = await current().registrar;
      await registrar.registerOutputs(request.getUrn(), await properties(request.getOutputs()));
      return new empty.Empty();
    }, abort),
    readResource: answer(async (request: messages.ReadResourceRequest) => {
      current().active();
      const feature = unsupportedType(request.getType());
      if (feature) refuse(feature, `"${request.getName()}"`);
      const registrar = await current().registrar;
      const goal = parseReadGoal(request, await properties(request.getProperties()));
      const state = await registrar.read(goal, request.getId());
      const response = new messages.ReadResourceResponse();
      response.setUrn(state.urn);
      response.setProperties(toStruct(state.outputs));
      return response;
    }, abort),
    invoke: answer(
      async (request: messages.ResourceInvokeRequest) => {
        const feature = unsupportedType(request.getTok());
        if (feature) refuse(feature, "The program");
        const registrar = await current().registrar;
        const args = await properties(request.getArgs());
        const [provider, version, url] = [request.getProvider(), request.getVersion(), request.getPlugindownloadurl()];
        const own = request.getTok() === readStackOutputs;
        const { result, failures } = own
          ? {
              result: registrar.lastOutputs(args.name) ?? refuse("another stack's outputs", "The program"),
              failures: [],
            }
          : await registrar.invoke(request.getTok(), args, provider, version, url);
        const response = new messages.ResourceInvokeResponse();
        response.setReturn(toStruct(result));
        response.setFailuresList(failures.map(failureMessage));
        return response;
      },
      undefined,
      grpc.status.UNKNOWN,
    ),
    call: answer(() => refuse("a method of a remote component", "The program")),
    registerStackTransform: answer(() => refuse("transforms", "The program")),
    registerStackInvokeTransform: answer(() => refuse("transforms of functions", "The program")),
    registerResourceHook: answer(() => refuse("resource hooks", "The program")),
    registerErrorHook: answer(() => refuse("error hooks", "The program")),
    registerPackage: answer(() => refuse("a parameterized package", "The program")),
    signalAndWaitForShutdown: answer(() => new empty.Empty()),
  };
  return handlers as unknown as grpc.UntypedServiceImplementation;
}

/**
 * Answers one method. A failure is told as UNAVAILABLE: the SDK then ends the program without a word, and the
 * engine has said what there is to say. @param abort takes the message of a failure that no step has reported.
 * @param code of failures; UNKNOWN: the program may catch them.
 */
function answer<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
  abort: (message: string) => void = () => {},
  code = grpc.status.UNAVAILABLE,
) {
  return (call: { request: Request }, callback: grpc.sendUnaryData<Response>): void => {
    Promise.resolve()
      .then(() => handle(call.request))
      .then((response) => callback(null, response))
      .catch((error: unknown) => {
        // What did not begin any more is a consequence: the run, or the person who stopped it, has said why.
        if (!(error instanceof Reported || error instanceof Interrupted)) abort((error as Error).message);
        callback({ code, details: (error as Error).message });
      });
  };
}
