import { createRequire } from "node:module";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/language_pb.js";

/** The SDK's own server of programs that are functions, as its automation has it; it has no types. */
const { LanguageServer } = createRequire(import.meta.url)("@pulumi/pulumi/automation/server.js") as {
  LanguageServer: new (
    body: () => Promise<unknown>,
  ) => grpc.UntypedServiceImplementation & {
    run(call: { request: messages.RunRequest }, callback: (error: Error | undefined) => void): Promise<void>;
  };
};

export interface BodyOptions {
  project: string;
  stack: string;
  preview: boolean;
  parallel: number;
  /** Of the engine. */
  address: string;
  config: { values: Record<string, string>; secretKeys: string[] };
}

/** Runs a program in this process, as the SDK's automation does. @returns what went wrong, apart from what the engine knows. */
export async function runBody(body: () => unknown, options: BodyOptions): Promise<Error | undefined> {
  const request = new messages.RunRequest();
  request.setProject(options.project);
  request.setStack(options.stack);
  request.setOrganization("organization");
  request.setDryrun(options.preview);
  request.setParallel(options.parallel);
  request.setMonitorAddress(options.address);
  request.setArgsList([options.address]);
  for (const [key, value] of Object.entries(options.config.values)) request.getConfigMap().set(key, value);
  request.setConfigsecretkeysList(options.config.secretKeys);
  let problem: Error | undefined;
  await new LanguageServer(async () => body()).run({ request }, (error) => {
    problem ??= error;
  });
  return problem;
}

/** Serves a program to the Pulumi CLI, for its option `--client`. */
export async function serveBody(body: () => unknown): Promise<{ address: string; close(): void }> {
  const server = new grpc.Server();
  // Methods of a class are not its own properties, and gRPC wants those.
  const host = new LanguageServer(async () => body());
  const methods = ["run", "getRequiredPlugins", "getPluginInfo"] as const;
  server.addService(
    services.LanguageRuntimeService,
    Object.fromEntries(
      methods.map((name) => [name, (host[name] as grpc.UntypedHandleCall).bind(host)]),
    ) as grpc.UntypedServiceImplementation,
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
