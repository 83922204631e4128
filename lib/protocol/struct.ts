import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { PropertyMap } from "./property-value.ts";

export type Struct = struct.Struct;

/** A property map as the protobuf message that carries it. */
export function toStruct(map: PropertyMap): struct.Struct {
  return struct.Struct.fromJavaScript(map as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}

/** The property map that a protobuf message carries; a missing message is an empty map. */
export function fromStruct(message: struct.Struct | undefined): PropertyMap {
  return (message?.toJavaScript() ?? {}) as PropertyMap;
}
