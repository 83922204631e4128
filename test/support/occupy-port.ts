import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Listens on a port of 127.0.0.1, a free one unless told otherwise, to the end of the block. */
export async function occupy(port = 0): Promise<AsyncDisposable & { port: number }> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}
