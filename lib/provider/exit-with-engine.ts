import grpc from "@grpc/grpc-js";

export interface EngineConnection {
  /** The connection to the engine; undefined before there is one. */
  channel(): ReturnType<grpc.Client["getChannel"]> | undefined;
}

/**
 * Ends this process once its engine is gone, for example killed: a plugin that lived on would finish operations
 * behind the back of the next run. Pulumi's own plugins do the same by asking the engine now and then.
 */
export function exitWithEngine(engine: EngineConnection): void {
  const channel = engine.channel();
  if (!channel) return;
  let connected = false;
  const watch = (): void => {
    const state = channel.getConnectivityState(true);
    if (state === grpc.connectivityState.SHUTDOWN) {
      exitWithEngine(engine); // attached to another engine
      return;
    }
    if (state === grpc.connectivityState.READY) connected = true;
    else if (state === grpc.connectivityState.TRANSIENT_FAILURE && (connected || isOrphan())) process.exit(1);
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, watch);
  };
  watch();
}

const parent = process.ppid;

/** An engine that was killed before this process could reach it is known by the parent that is gone. */
function isOrphan(): boolean {
  return process.ppid !== parent || process.ppid === 1;
}
