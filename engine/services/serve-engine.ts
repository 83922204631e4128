import grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import resourceServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import { channelOptions } from "../../lib/protocol/channel-options.ts";
import { serveOwnUser } from "../../lib/protocol/own-user/serve-own-user.ts";
import type { Severity } from "../reporting/report.ts";
import { engineService } from "./engine-service.ts";
import { type MonitorOptions, monitorService } from "./monitor-service.ts";
import { makeSocketFolder } from "./socket-folder.ts";

/** The engine's gRPC server, for the programs and the plugins of one operation. */
export interface EngineServer {
  /** `unix:<path>`; `127.0.0.1:<port>` on Windows. */
  address: string;
  close(): void;
}

/** Serves the Engine and the ResourceMonitor services on a unix socket that only this user reaches. */
export async function serveEngine(
  log: (severity: Severity, message: string, urn: string) => void,
  monitor: () => MonitorOptions,
  parallel: number,
): Promise<EngineServer> {
  const server = new grpc.Server({
    ...channelOptions,
    // Registrations wait in line while others are worked on: as long as the SDK waits.
    // A program registers all it can at once; what is over this waits on its side, where it costs least.
    "grpc.max_concurrent_streams": Math.max(128, 4 * parallel),
    "grpc.server_max_unrequested_time_in_server": 30 * 60,
  });
  server.addService(engineServices.EngineService, engineService(log));
  server.addService(resourceServices.ResourceMonitorService, monitorService(monitor));
  // The SDK for Windows knows no unix sockets.
  const folder = process.platform === "win32" ? undefined : makeSocketFolder();
  const credentials = grpc.ServerCredentials.createInsecure();
  const { address, listener } = await serveOwnUser(server, credentials, folder?.socket);
  return {
    address,
    close() {
      listener.close();
      server.forceShutdown();
      folder?.remove();
    },
  };
}
