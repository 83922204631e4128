import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { CheckFailure } from "./lifecycle.ts";

/** A refusal of an input as the message that carries it. */
export function failureMessage({ property, reason }: CheckFailure): messages.CheckFailure {
  const failure = new messages.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}
