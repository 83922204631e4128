// What Node does before it loads Pulumi's SDK (`nodeargs` in Pulumi.yaml). CommonJS, which any Node takes that way.
const { enableCompileCache } = require("node:module");
require("../lib/start-up/own-environment.cjs");

// For the kit's provider alone: see keepRootShell.
delete process.env.REGISTRY_KIT_ROOT_SHELL;

// For "pulumi up" typed directly; with "npm run up" it is on already.
enableCompileCache?.();
// A Node that is too old can't read what follows; main.js says so.
if (process.features.typescript) require("./start-up/defer-sdk-modules.ts").deferSdkModules();
