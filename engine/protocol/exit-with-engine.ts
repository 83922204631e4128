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
    else if (connected && state === grpc.connectivityState.TRANSIENT_FAILURE) process.exit(1);
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, watch);
  };
  watch();
}
