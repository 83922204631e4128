import type { DefinedResource } from "./define-resource.ts";

/** Every resource type of the kit: one table, type -> lifecycle. */
export const resources: DefinedResource[] = [];
