import type { DigestStep, PreviewDigest } from "../../../scripts/preview/preview-digest.ts";

const component = "registry-kit:index:RegistryContainer$";

export function digest(fields: Partial<PreviewDigest> = {}): PreviewDigest {
  return { steps: [], diagnostics: [], changeSummary: {}, policies: [], packs: [], ...fields };
}

/** A step about a resource of the kit's stack `dev`. */
export function step(op: string, type: string, name: string, fields: Partial<DigestStep> = {}): DigestStep {
  const chain = /^(docker|registry-kit:files|registry-kit:registry)/.test(type) ? component + type : type;
  const { oldState, newState, ...rest } = fields;
  return {
    op,
    urn: `urn:pulumi:dev::registry-kit::${chain}::${name}`,
    ...rest,
    ...(oldState && { oldState: { custom: true, ...oldState } }),
    ...(newState && { newState: { custom: true, ...newState } }),
  };
}

export const types = {
  container: "docker:index/container:Container",
  service: "docker:index/service:Service",
  volume: "docker:index/volume:Volume",
  image: "docker:index/remoteImage:RemoteImage",
  files: "registry-kit:files:VolumeFiles",
  secret: "registry-kit:registry:HttpSecret",
  authority: "registry-kit:certificates:CertificateAuthority",
  certificate: "registry-kit:certificates:ServerCertificate",
  users: "registry-kit:users:Htpasswd",
  trust: "registry-kit:nodes:NodeTrust",
  bucket: "aws:s3/bucket:Bucket",
} as const;
