import * as pulumi from "@pulumi/pulumi";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** A resource as the program registered it. */
export interface RecordedResource {
  type: string;
  name: string;
  custom: boolean;
  /** Secrets stay wrapped. */
  inputs: Record<string, unknown>;
  parent: string;
  retainOnDelete: boolean;
  deleteBeforeReplace: boolean;
  dependencies: string[];
  additionalSecretOutputs: string[];
  /** What a component said of itself with registerOutputs. */
  outputs: Record<string, unknown> | undefined;
}

interface Registration {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getParent(): string;
  getRetainondelete(): boolean;
  getDeletebeforereplace(): boolean;
  getDependenciesList(): string[];
  getAdditionalsecretoutputsList(): string[];
}

type RegisterResource = (request: Registration, done: unknown) => Promise<void>;
type RegisterOutputs = (
  request: { getUrn(): string; getOutputs(): { toJavaScript(): Record<string, unknown> } | undefined },
  done: unknown,
) => void;

/** What a provider would answer, by type; what is missing is as in the inputs. In a preview nothing is added: it stays unknown. */
const computed: Record<string, Record<string, unknown>> = {
  "registry-kit:certificates:CertificateAuthority": {
    certificatePem: "CA\n",
    privateKeyPem: "CA KEY\n",
    notAfter: "2036-11-21T00:00:00Z",
  },
  "registry-kit:certificates:ServerCertificate": {
    certificatePem: "CERT\n",
    chainPem: "CERT\nCA\n",
    privateKeyPem: "KEY\n",
    notAfter: "2027-12-23T00:00:00Z",
  },
  "registry-kit:users:Htpasswd": { htpasswd: "moby:HASH\n", passwords: { moby: "generated" }, userNames: ["moby"] },
  "registry-kit:nodes:NodeTrust": { files: [] },
  "registry-kit:files:VolumeOwner": { holder: "10001:10001" },
  "registry-kit:nodes:DaemonConfiguration": { drift: [] },
  "registry-kit:registry:HttpSecret": { value: "00ff" },
  "registry-kit:nodes:StackIdentity": { uuid: "stack-1" },
  "registry-kit:swarm:ContentName": { value: "content-name", taken: ["content-name"] },
  "registry-kit:swarm:SwarmMembership": { swarmId: "swarm-1", nodeId: "node-1", made: false },
  "docker:index/remoteImage:RemoteImage": { imageId: "sha256:1234" },
  "aws:s3/bucket:Bucket": {
    bucket: "made-bucket",
    arn: "arn:aws:s3:::made-bucket",
    region: "eu-central-1",
    bucketRegionalDomainName: "made-bucket.s3.eu-central-1.amazonaws.com",
  },
  "aws:kms/key:Key": { arn: "arn:key" },
  "aws:iam/user:User": { name: "made-user" },
  "aws:iam/role:Role": { name: "made-role", arn: "arn:role" },
  "aws:iam/instanceProfile:InstanceProfile": { name: "made-profile" },
  "aws:iam/accessKey:AccessKey": { secret: "MADE-SECRET" },
  "registry-kit:storage:SettledAccessKey": { accepted: "ACCEPTED" },
};

/**
 * Runs a program against Pulumi's mocks and returns what it registered, in order.
 * @param options.defaults those of a registry's first run. Default: those of release 0.1
 */
export async function recordGraph(
  program: () => unknown,
  { preview = false, defaults }: { preview?: boolean; defaults?: number } = {},
): Promise<RecordedResource[]> {
  const recorded: RecordedResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => ({
        id: preview ? undefined : `${name}-id`,
        state: {
          ...inputs,
          ...(preview ? {} : computed[type]),
          ...(type === "registry-kit:registry:HttpSecret" && defaults ? { defaults } : {}),
        },
      }),
      call: ({ inputs }) => inputs,
    },
    "registry-kit",
    "test",
    preview,
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor & {
    registerResource: RegisterResource;
    registerResourceOutputs: RegisterOutputs;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    recorded.push({
      type: request.getType(),
      name: request.getName(),
      custom: request.getCustom(),
      inputs: request.getObject()?.toJavaScript() ?? {},
      parent: request.getParent(),
      retainOnDelete: request.getRetainondelete(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      dependencies: request.getDependenciesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      outputs: undefined,
    });
    return register(request, done);
  };
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, done) => {
    const owner = recorded.find(({ type, name }) => request.getUrn().endsWith(`${type}::${name}`));
    if (owner) owner.outputs = request.getOutputs()?.toJavaScript() ?? {};
    return registerOutputs(request, done);
  };
  await program();
  await pulumi.runtime.disconnect();
  return recorded.filter(({ type }) => type !== "pulumi:pulumi:Stack");
}

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a recorded value is a secret as a whole. */
export function isSecretValue(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && (value as Record<string, unknown>)[signature] === secretSignature
  );
}

/** The value without any secret wrapper, at any depth. */
export function revealed(value: unknown): unknown {
  if (isSecretValue(value)) return revealed((value as { value: unknown }).value);
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}
