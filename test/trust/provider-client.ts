import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";

type Client = InstanceType<typeof providerServices.ResourceProviderClient>;

/** The kit's provider as a process of its own, spoken to as an engine does; stopped at the end of the block. */
export async function startProvider(): Promise<AsyncDisposable & { client: Client }> {
  const executable = fileURLToPath(new URL("../../provider/pulumi-resource-registry-kit", import.meta.url));
  const process_ = spawn(process.execPath, [executable], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(process_.stdout);
  const [port] = (await once(lines, "line", { signal: AbortSignal.timeout(20_000) })) as [string];
  const client = new providerServices.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      const exit = once(process_, "exit");
      process_.kill("SIGKILL");
      await exit;
    },
  };
}

type Method<Request, Response> = (
  request: Request,
  metadata: grpc.Metadata,
  options: Partial<grpc.CallOptions>,
  callback: (error: grpc.ServiceError | null, response: Response) => void,
) => unknown;

/** One call: the answer, or the error that the engine would get. */
export function call<Request, Response>(
  client: Client,
  method: Method<Request, Response>,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = { deadline: Date.now() + 20_000 };
    method.call(client, request, new grpc.Metadata(), options, (error, response) =>
      error ? reject(error) : resolve(response),
    );
  });
}
