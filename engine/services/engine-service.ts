import grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { requireVersion } from "../config/pulumi-version.ts";
import type { Severity } from "../reporting/report.ts";

const severities: Severity[] = ["debug", "info", "warning", "error"];

/** The Engine service: log lines of the program and the plugins, and who the stack is. */
export function engineService(
  log: (severity: Severity, message: string, urn: string) => void,
): grpc.UntypedServiceImplementation {
  let rootResource = "";
  const handlers: Record<string, grpc.handleUnaryCall<never, unknown>> = {
    log: (call: { request: messages.LogRequest }, callback) => {
      const { request } = call;
      log(severities[request.getSeverity()] ?? "info", request.getMessage(), request.getUrn());
      callback(null, new empty.Empty());
    },
    setRootResource: (call: { request: messages.SetRootResourceRequest }, callback) => {
      rootResource = call.request.getUrn();
      callback(null, new messages.SetRootResourceResponse());
    },
    getRootResource: (_call, callback) => {
      const response = new messages.GetRootResourceResponse();
      response.setUrn(rootResource);
      callback(null, response);
    },
    startDebugging: (_call, callback) => callback(null, new empty.Empty()),
    requirePulumiVersion: (call: { request: messages.RequirePulumiVersionRequest }, callback) => {
      try {
        requireVersion(call.request.getPulumiVersionRange(), "The program");
        callback(null, new messages.RequirePulumiVersionResponse());
      } catch (error) {
        callback({ code: grpc.status.FAILED_PRECONDITION, details: (error as Error).message });
      }
    },
  };
  return handlers as unknown as grpc.UntypedServiceImplementation;
}
