/**
 * A gRPC response header of `Configure`, not part of Pulumi's protocol: this provider can look for an object that an interrupted
 * create may have left behind. The engine then calls `Read` with an empty id, the inputs of that create, and the time when it began
 * as the property `since` (ISO 8601). The answer is that of any `Read` (no id: there is none; ErrorResourceInitFailed: half-made).
 */
export const findHeader = "x-find-interrupted-create";
