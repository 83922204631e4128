import type { Resource } from "../../policy/resources/resource.ts";
import type { Properties } from "../../policy/resources/value.ts";

export function resource(type: string, name: string, properties: Properties, fields: Partial<Resource> = {}): Resource {
  return { type, urn: urnOf(type, name), properties, protect: false, sources: {}, ...fields };
}

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::shop::${type}::${name}`;
}

const configuration = `version: "0.1"
storage:
  filesystem: { rootdirectory: /var/lib/registry }
auth:
  htpasswd: { realm: r, path: /etc/distribution/htpasswd }
http:
  addr: :5000
  secret: s
  tls: { certificate: /etc/distribution/server.crt, key: /etc/distribution/server.key }
`;

/** config.yml of a registry that keeps every rule, with some lines taken out. */
export function configurationWithout(...sections: ("tls" | "auth" | "secret")[]): string {
  return sections.reduce((text, section) => {
    if (section === "auth") return text.replace(/auth:\n.*\n/, "");
    return text.replace(new RegExp(`^ {2}${section}: .*\\n`, "m"), "");
  }, configuration);
}

/** The same with S3 as its storage. */
export function sharedConfiguration(text = configuration): string {
  return text.replace(
    / {2}filesystem: .*/,
    "  s3: { bucket: images, region: eu-central-1 }\n  delete: { enabled: true }",
  );
}

/** A container that keeps every rule; each test breaks one thing. */
export function container(changed: Properties = {}, config = configuration): Resource {
  return resource("docker:index/container:Container", "registry", {
    name: "registry",
    image: `registry:3.1.2@sha256:${"a".repeat(64)}`,
    ports: [{ internal: 5000, external: 5000, ip: "0.0.0.0" }],
    envs: ["OTEL_TRACES_EXPORTER=none"],
    volumes: [{ volumeName: "registry-data", containerPath: "/var/lib/registry" }],
    uploads: [{ file: "/etc/distribution/config.yml", content: config }],
    memory: 512,
    readOnly: true,
    healthcheck: { tests: ["CMD", "wget", "-q", "-O", "/dev/null", "https://127.0.0.1:5000/"] },
    labels: [{ label: "owner", value: "ops" }],
    ...changed,
  });
}

/** A service that keeps every rule, with its configuration in a Docker secret. */
export function service(changed: Properties = {}, spec: Properties = {}): Resource {
  return resource("docker:index/service:Service", "registry", {
    taskSpec: {
      containerSpec: {
        image: `registry.internal:5001/library/registry:3.1.2@sha256:${"b".repeat(64)}`,
        env: { OTEL_TRACES_EXPORTER: "none" },
        readOnly: true,
        healthcheck: { tests: ["CMD-SHELL", "true"] },
        secrets: [{ secretId: "x1", secretName: "registry-config", fileName: "/etc/distribution/config.yml" }],
        ...spec,
      },
      resources: { limits: { memoryBytes: 512 * 1024 ** 2 } },
    },
    mode: { replicated: { replicas: 2 } },
    endpointSpec: { ports: [{ targetPort: 5000, publishedPort: 5000, publishMode: "ingress" }] },
    updateConfig: { failureAction: "rollback", order: "start-first" },
    rollbackConfig: { order: "stop-first" },
    ...changed,
  });
}

export function secret(config = sharedConfiguration(), name = "registry-config"): Resource {
  return resource("docker:index/secret:Secret", name, { name, data: Buffer.from(config).toString("base64") });
}

const tlsOnly = {
  Statement: [
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
};

/** A bucket with its companions, all rules kept; in a preview, where its name is not known. */
export function bucketStack(changed: Partial<Record<"bucket" | "block" | "encryption" | "policy", Properties>> = {}) {
  const bucket = resource("aws:s3/bucket:Bucket", "images", { bucket: "images", ...changed.bucket });
  const named = { sources: { bucket: [bucket.urn] } };
  const block = {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
    ...changed.block,
  };
  const encryption = {
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    ...changed.encryption,
  };
  const policy = { policy: JSON.stringify(tlsOnly), ...changed.policy };
  return [
    bucket,
    resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", block, named),
    resource(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "sse",
      encryption,
      named,
    ),
    resource("aws:s3/bucketPolicy:BucketPolicy", "policy", policy, named),
  ];
}
