import { isClone } from "../../lib/start-up/is-clone.ts";

/** Where a settings file finds the JSON Schema of the settings, for editors. */
export const schemaPath = `${isClone ? "." : "../node_modules/registry-kit/stacks"}/settings.schema.json`;
