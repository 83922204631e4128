import grpc from "@grpc/grpc-js";
import type { Credentials } from "./pull-clients.ts";

/** containerd's service for Kubernetes (CRI, runtime.v1), as far as images need it. */
export interface ContainerdImages {
  /** @throws while it does not answer */
  version(): Promise<string>;
  pull(image: string, credentials?: Credentials): Promise<void>;
  remove(image: string): Promise<void>;
}

const longest = 30_000;

/** Speaks to the socket by hand: the protocol's own client, `crictl`, is in no Debian release. */
export function containerdImages(socket: string): ContainerdImages {
  const client = new grpc.Client(`unix://${socket}`, grpc.credentials.createInsecure());
  const call = (method: string, request: Buffer) =>
    new Promise<Buffer>((resolve, reject) => {
      const same = (bytes: Buffer) => bytes;
      const options = { deadline: Date.now() + longest };
      const path = `/runtime.v1.${method}`;
      client.makeUnaryRequest(path, same, same, request, new grpc.Metadata(), options, (error, answer) =>
        error ? reject(error) : resolve(answer ?? Buffer.alloc(0)),
      );
    });
  return {
    // VersionResponse: the version of kubelet's side, a name, and that of containerd.
    version: async () => {
      const answer = (await call("RuntimeService/Version", Buffer.alloc(0))).toString();
      return answer.match(/\d+\.\d+\.\d+/g)?.[1] ?? answer;
    },
    async pull(image, credentials) {
      const auth = credentials ? message(2, message(1, credentials.user), message(2, credentials.password)) : "";
      await call("ImageService/PullImage", Buffer.concat([message(1, message(1, image)), Buffer.from(auth)]));
    },
    remove: async (image) => void (await call("ImageService/RemoveImage", message(1, message(1, image)))),
  };
}

/** A field of Protocol Buffers that holds a text or other fields. */
function message(field: number, ...parts: (string | Buffer)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  const size = length < 128 ? [length] : [(length & 127) | 128, length >> 7];
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...size]), content]);
}
