import module from "node:module";
import grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { channelOptions } from "../protocol/channel-options.ts";
import { serveOwnUser, socketBeside } from "../protocol/own-user/serve-own-user.ts";
import { exitWithEngine } from "./exit-with-engine.ts";
import type { Severity } from "./lifecycle.ts";
import type { Provider } from "./provider.ts";
import { providerHandlers } from "./provider-handlers.ts";

/**
 * Serves a provider as a Pulumi plugin process: listens for processes of this user on a free loopback port, or on a unix socket
 * beside that of its engine, prints the port or the socket's address as the first line of standard output, and answers until it
 * is killed or its engine is gone.
 * @param arguments_ command line arguments; the first one that is no flag is the address of the engine.
 */
export async function serveProvider(provider: Provider, arguments_: string[]): Promise<void> {
  const engine = arguments_.find((argument) => !argument.startsWith("-"));
  const log = engineLog(engine);
  const server = new grpc.Server(channelOptions);
  server.addService(providerServices.ResourceProviderService, providerHandlers(provider, log, log));
  const credentials = grpc.ServerCredentials.createInsecure();
  const { printed } = await serveOwnUser(server, credentials, socketBeside(engine));
  process.stdout.write(`${printed}\n`);
  exitWithEngine(log);
  keepCompileCache();
}

/** Node writes its compile cache when a process ends by itself. A plugin is killed. */
function keepCompileCache(): void {
  const pause = 500; // milliseconds; without anything new it takes less than one
  setInterval(() => module.flushCompileCache?.(), pause).unref();
}

/** Writes lines to the engine's log; a line that the engine does not take is dropped, never an error. */
function engineLog(initialAddress: string | undefined) {
  const connect = (address: string) =>
    new engineServices.EngineClient(address, grpc.credentials.createInsecure(), channelOptions);
  let address = initialAddress;
  let client = initialAddress ? connect(initialAddress) : undefined;
  const severities = { debug: 0, info: 1, warning: 2, error: 3 } as const;
  const write = (urn: string, severity: Severity, message: string) => {
    const request = new engineMessages.LogRequest();
    request.setUrn(urn);
    request.setSeverity(severities[severity]);
    request.setMessage(message);
    client?.log(request, () => {});
  };
  return Object.assign(write, {
    attach(attached: string) {
      client?.close();
      address = attached;
      client = connect(attached);
    },
    address: () => address ?? "",
    channel: () => client?.getChannel(),
  });
}
