// The first thing that the kit's program, provider and policies load; CommonJS, which any Node takes. The Pulumi CLI hands its own
// environment to what it starts.
const { loopbackWithoutProxy } = require("./loopback-without-proxy.cjs");

// What opens the state is not for them, nor for the programs that they start in turn.
delete process.env.PULUMI_CONFIG_PASSPHRASE;
delete process.env.PULUMI_ACCESS_TOKEN;
// Pulumi's SDK would send what it says to the CLI on this machine through a proxy.
Object.assign(process.env, loopbackWithoutProxy(process.env));
