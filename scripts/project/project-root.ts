import { dirname } from "node:path";

/** The folder of Pulumi.yaml and package.json. */
export const projectRoot = dirname(dirname(import.meta.dirname));
