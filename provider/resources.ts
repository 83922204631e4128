import { volumeFiles } from "../components/files/volume-files-resource.ts";
import { httpSecret } from "../components/registry/http-secret-resource.ts";
import { processLimit } from "../components/registry/process-limit-resource.ts";
import type { DefinedResource } from "./define-resource.ts";

/** Every resource type of the kit: one table, type -> lifecycle. */
export const resources: DefinedResource[] = [httpSecret, processLimit, volumeFiles];
