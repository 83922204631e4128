import type grpc from "@grpc/grpc-js";
import { type Listener, serveOwnUser } from "./serve-own-user.ts";

const loopback = /^(127\.0\.0\.1|localhost|\[::1\]):0$/;
const guarded = new WeakSet<object>();

/**
 * From now on, servers of this copy of grpc-js that ask for a free loopback port listen as {@link serveOwnUser} does.
 * @param socket a path for each server; undefined: a loopback port. A server on a socket is told the socket's address as its port,
 * and prints that.
 */
export function guardServers(
  module: typeof grpc,
  socket: () => string | undefined,
  listens: (listener: Listener) => void = () => {},
): void {
  const { prototype } = module.Server;
  // Copies from before version 1.11 cannot take a connection that another server has accepted.
  if (guarded.has(prototype) || typeof prototype.createConnectionInjector !== "function") return;
  guarded.add(prototype);
  const bindAsync = prototype.bindAsync;
  prototype.bindAsync = function (this: grpc.Server, address, credentials, callback) {
    if (!loopback.test(address)) return bindAsync.call(this, address, credentials, callback);
    serveOwnUser(this, credentials, socket()).then(
      (listener) => {
        listens(listener);
        callback(null, listener.printed as unknown as number);
      },
      (error: Error) => callback(error, 0),
    );
  };
}
