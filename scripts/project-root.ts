import { dirname } from "node:path";

/** The folder of Pulumi.yaml and package.json. */
export const projectRoot = dirname(import.meta.dirname);
