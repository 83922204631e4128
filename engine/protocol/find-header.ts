/**
 * A gRPC response header of `Configure`: this provider can look for an object that an interrupted create may
 * have left behind. The engine then calls `Read` with an empty id, the URN and the inputs of that create, and the time
 * when it began as the property `since` (ISO 8601); the
 * answer is that of any other `Read` (no id: there is none; ErrorResourceInitFailed: it is half-made). Engines
 * and providers that do not know the header are not affected: it is not part of Pulumi's protocol.
 */
export const findHeader = "x-find-interrupted-create";
