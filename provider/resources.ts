import { nodeTrustDefinition } from "../components/nodes/node-trust-lifecycle.ts";
import type { DefinedResource } from "./define-resource.ts";
import { defineResource } from "./define-resource.ts";

/** Every resource type of the kit: one table, type -> lifecycle. */
export const resources: DefinedResource[] = [defineResource(nodeTrustDefinition)];
