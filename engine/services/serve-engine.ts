import grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import resourceServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import { channelOptions } from "../protocol/channel-options.ts";
import type { Severity } from "../steps/report.ts";
import { engineService } from "./engine-service.ts";
import type { MonitorOptions } from "./monitor-service.ts";
import { monitorService } from "./monitor-service.ts";

/** The engine's gRPC server, for the programs and the plugins of one operation. */
export interface EngineServer {
  /** `127.0.0.1:<port>`. */
  address: string;
  close(): void;
}

/** Serves the Engine and the ResourceMonitor services on a free loopback port. */
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
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
