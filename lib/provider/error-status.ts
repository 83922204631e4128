import grpc from "@grpc/grpc-js";
import errors from "@pulumi/pulumi/errors.js";
import errorMessages from "@pulumi/pulumi/proto/errors_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { toStruct } from "../protocol/struct.ts";
import { PartialFailure } from "./lifecycle.ts";

/** The provider has no such method. */
export class NotImplemented extends Error {
  override name = "NotImplemented";
}

/**
 * What a provider answers where a method threw. A partial failure carries the half-made resource, so that the
 * engine records it; source: errors.proto.
 */
export function errorStatus(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof NotImplemented) return { code: grpc.status.UNIMPLEMENTED, details: "not implemented" };
  if (errors.InputPropertiesError.isInstance(error)) return refusedInputs(message, error.errors ?? []);
  if (errors.InputPropertyError.isInstance(error)) return refusedInputs(message, [error]);
  if (!(error instanceof PartialFailure)) return { code: grpc.status.UNKNOWN, details: message };
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(toStruct(error.outputs));
  detail.setReasonsList([message]);
  return withDetail(grpc.status.UNKNOWN, message, detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
}

/** Inputs that a component refuses: an engine shows each beside the component. */
function refusedInputs(message: string, problems: readonly { propertyPath: string; reason: string }[]) {
  const detail = new errorMessages.InputPropertiesError();
  for (const { propertyPath, reason } of problems) {
    const problem = new errorMessages.InputPropertiesError.PropertyError();
    problem.setPropertyPath(propertyPath);
    problem.setReason(reason);
    detail.addErrors(problem);
  }
  // The engine puts each problem below this line.
  return withDetail(
    grpc.status.INVALID_ARGUMENT,
    problems.length > 0 ? "These properties are refused:" : message,
    detail.serializeBinary(),
    "pulumirpc.InputPropertiesError",
  );
}

function withDetail(code: grpc.status, message: string, detail: Uint8Array, type: string): Partial<grpc.StatusObject> {
  const packed = new any.Any();
  packed.pack(detail, type);
  const status = new statusMessages.Status();
  status.setCode(code);
  status.setMessage(message);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code, details: message, metadata };
}
