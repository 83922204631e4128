import grpc from "@grpc/grpc-js";
import resourceServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { isSecret, type PropertyMap, type PropertyValue, withoutSecrets } from "../../lib/protocol/property-value.ts";
import { fromStruct, toStruct } from "../../lib/protocol/struct.ts";

/** A resource as a component registered it, with secrets as plain values. */
export interface Registered {
  type: string;
  name: string;
  parent: string;
  inputs: PropertyMap;
}

export interface ProgramMonitor extends AsyncDisposable {
  address: string;
  registered: Registered[];
}

/** What providers would add to the inputs of some types. */
const made: Record<string, PropertyMap> = {
  "registry-kit:certificates:CertificateAuthority": { certificatePem: "CA", privateKeyPem: "CA KEY" },
  "registry-kit:certificates:ServerCertificate": { chainPem: "CHAIN", privateKeyPem: "KEY", notAfter: "2027-12-23" },
  "registry-kit:users:Htpasswd": { htpasswd: "moby:HASH", passwords: { moby: "made" }, userNames: ["moby"] },
  "registry-kit:registry:HttpSecret": { value: "00ff", defaults: 4 },
  "registry-kit:files:VolumeOwner": { holder: "10001:10001" },
  "docker:index/remoteImage:RemoteImage": { imageId: "sha256:1234" },
  "registry-kit:nodes:NodeTrust": { files: [], folders: [] },
};

/**
 * The part of an engine that a program registers its resources with. Of the type `refused`, none can be made.
 */
export async function serveMonitor({ refused }: { refused?: string } = {}): Promise<ProgramMonitor> {
  const registered: Registered[] = [];
  const server = new grpc.Server();
  server.addService(resourceServices.ResourceMonitorService, {
    supportsFeature(_: unknown, done: grpc.sendUnaryData<messages.SupportsFeatureResponse>) {
      const response = new messages.SupportsFeatureResponse();
      response.setHassupport(true);
      done(null, response);
    },
    registerResource(
      { request }: { request: messages.RegisterResourceRequest },
      done: grpc.sendUnaryData<messages.RegisterResourceResponse>,
    ) {
      const [type, name] = [request.getType(), request.getName()];
      if (type === refused) return done({ code: grpc.status.UNKNOWN, details: `${type} cannot be made here` });
      const inputs = fromStruct(request.getObject());
      registered.push({ type, name, parent: request.getParent(), inputs: plainMapOf(inputs) });
      const response = new messages.RegisterResourceResponse();
      response.setUrn(`urn:pulumi:test::images::${type}::${name}`);
      if (request.getCustom()) response.setId(`${name}-id`);
      response.setObject(toStruct({ ...inputs, ...made[type] }));
      done(null, response);
    },
    registerResourceOutputs(_: unknown, done: grpc.sendUnaryData<empty.Empty>) {
      done(null, new empty.Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, registered, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

/** Output values and secrets as what is in them. */
function plainMapOf(map: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, plainOf(value)]));
}

function plainOf(value: PropertyValue): PropertyValue {
  const inner = isSecret(value) ? withoutSecrets(value) : value;
  if (Array.isArray(inner)) return inner.map(plainOf);
  if (typeof inner !== "object" || inner === null) return inner;
  const { value: output, ...rest } = inner as PropertyMap;
  const isOutput = Object.values(rest).includes("d0e6a833031e9bbcd3f4e8bde6ca49a4");
  return isOutput ? plainOf(output ?? null) : plainMapOf(inner as PropertyMap);
}
