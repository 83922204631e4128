// Run by a test as a process of its own: becomes another user, then asks the provider at an address for its version. With `vanish`
// it configures the provider and is gone before the answer: the kernel then shows its half of the connection as root's.
// Everything is loaded first: the other user may not be able to read this folder.
import { connect as connectSession } from "node:http2";
import { connect } from "node:net";
import { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import grpc from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

const [user = "", address = "", how = "ask"] = process.argv.slice(2);
const request = how === "vanish" ? await configureRequest() : Buffer.alloc(0);
process.setgroups?.([]);
process.setgid?.(Number(user));
process.setuid?.(Number(user));

if (how === "vanish") {
  const socket = connect(Number(address.split(":")[1]), "127.0.0.1", () => {
    socket.write(request, () => socket.destroy());
  });
  await sleep(500);
  process.stdout.write("gone");
} else {
  const client = new providerServices.ResourceProviderClient(address, grpc.credentials.createInsecure());
  const options = { deadline: Date.now() + 20_000 };
  client.getPluginInfo(new empty.Empty(), new grpc.Metadata(), options, (error, info) => {
    process.stdout.write(error ? (grpc.status[error.code] ?? "") : `version ${info.getVersion()}`);
    process.exit(0);
  });
}

/** The bytes of a whole `Configure` call, as a client sends them. */
async function configureRequest(): Promise<Buffer> {
  const sent: Buffer[] = [];
  const wire = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      sent.push(chunk);
      done();
    },
  });
  const session = connectSession("http://localhost", { createConnection: () => wire });
  session.on("error", () => {});
  const path = "/pulumirpc.ResourceProvider/Configure";
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.on("error", () => {});
  // An empty message: not compressed, 0 bytes long.
  stream.end(Buffer.alloc(5));
  await sleep(100);
  return Buffer.concat(sent);
}
