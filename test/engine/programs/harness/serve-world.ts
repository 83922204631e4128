import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { channelOptions } from "../../../../lib/protocol/channel-options.ts";
import { fromStruct } from "../../../../lib/protocol/struct.ts";
import { typeOf } from "../../../../lib/protocol/urn.ts";
import type { EngineLog } from "../../../../lib/provider/provider.ts";
import { providerHandlers } from "../../../../lib/provider/provider-handlers.ts";
import { testProvider } from "./test-provider.ts";
import { World } from "./world.ts";

/** The test provider, served from this process to plugin processes that are no more than a port. */
export interface ServedWorld {
  /** Folder of the plugin, for `plugins.providers` of Pulumi.yaml. */
  folder: string;
  /** The world that the provider works in from now on. */
  enter(world: World): void;
  close(): void;
}

export async function serveWorld(): Promise<ServedWorld> {
  let world = new World();
  const log = Object.assign(() => {}, { attach() {}, channel: () => undefined }) as EngineLog;
  const handlers = providerHandlers(
    testProvider(() => world),
    log,
    { attach() {}, address: () => "" },
  );
  const server = new grpc.Server(channelOptions);
  server.addService(providerServices.ResourceProviderService, {
    ...handlers,
    diff: withLessDetail(handlers.diff as Diff),
    diffConfig: diffConfig as grpc.UntypedHandleCall,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const folder = mkdtempSync(join(tmpdir(), "test-world-"));
  const plugin = join(folder, "pulumi-resource-test");
  writeFileSync(plugin, `#!/bin/sh\necho ${port}\nexec sleep 1000000\n`);
  chmodSync(plugin, 0o755);
  return {
    folder,
    enter: (next) => {
      world = next;
    },
    close() {
      server.forceShutdown();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Diff = grpc.handleUnaryCall<messages.DiffRequest, messages.DiffResponse>;

/** Providers need not say all that they know: `Bare` says that something changes, `Keys` which properties, `Unknown` nothing. */
function withLessDetail(diff: Diff): grpc.UntypedHandleCall {
  const { DIFF_UNKNOWN } = messages.DiffResponse.DiffChanges;
  const handler: Diff = (call, callback) => {
    const kind = typeOf(call.request.getUrn()).split(":").at(-1);
    diff(call, (error, response) => {
      if (response && ["Bare", "Keys", "Unknown"].includes(kind ?? "")) {
        response.getDetaileddiffMap().clear();
        response.setHasdetaileddiff(false);
        if (kind !== "Keys") response.setDiffsList([]);
        if (kind === "Unknown") {
          response.setChanges(DIFF_UNKNOWN);
          response.setReplacesList([]);
        }
      }
      callback(error, response);
    });
  };
  return handler as grpc.UntypedHandleCall;
}

/** Another region is another place: what is there cannot go over. */
const diffConfig: Diff = (call, callback) => {
  const { region } = fromStruct(call.request.getNews());
  const changed = fromStruct(call.request.getOldInputs()).region !== region;
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse();
  response.setChanges(changed ? DIFF_SOME : DIFF_NONE);
  if (changed) {
    response.setReplacesList(["region"]);
    response.setDiffsList(["region"]);
  }
  callback(null, response);
};
