/**
 * What a program of yours imports: the components of a private registry. They read no settings file, no environment and no clock.
 * `S3Storage` is in the entry point beside this one (`aws.ts`), because it alone needs `@pulumi/aws`.
 */
export { PullThroughCache, type PullThroughCacheArgs } from "./caches/pull-through-cache.ts";
export { CertificateAuthority, type CertificateAuthorityArgs } from "./certificates/certificate-authority.ts";
export { ProvidedCertificate, type ProvidedCertificateArgs } from "./certificates/provided-certificate.ts";
export { ServerCertificate, type ServerCertificateArgs } from "./certificates/server-certificate.ts";
export type { TlsCertificate } from "./certificates/tls-certificate.ts";
export { DaemonConfiguration, type DaemonConfigurationArgs } from "./daemon-json/daemon-configuration.ts";
export { StackIdentity } from "./daemon-json/stack-identity.ts";
export { KitProvider } from "./kit-provider.ts";
export type { NodeConnection } from "./machines/node-connection.ts";
export type { SshLogin } from "./machines/ssh/ssh-login.ts";
export {
  type RegistryOptions,
  type RegistryOptionsInput,
  registryOptions,
} from "./registry/configuration/registry-options.ts";
export type { Image } from "./registry/image.ts";
export { RedisCache, type RedisCacheArgs } from "./registry/redis-cache.ts";
export { type RegistryUser, registryAuth } from "./registry/registry-auth.ts";
export { RegistryContainer } from "./registry/registry-container.ts";
export type { ContainerOptions, RegistryContainerArgs, RunsAs } from "./registry/registry-container-args.ts";
export { RegistryService } from "./registry/registry-service.ts";
export type { RegistryServiceArgs } from "./registry/registry-service-args.ts";
export type { RegistryStorage } from "./registry/registry-storage.ts";
export type { ServerFiles } from "./registry/server-files.ts";
export type { ServiceOptions } from "./registry/service-options.ts";
export type { ObjectStorage } from "./registry/stores/stores.ts";
export type { Upstream, UpstreamCredentials } from "./registry/upstream.ts";
export { SwarmMembership, type SwarmMembershipArgs } from "./swarm/swarm-membership.ts";
export { NodeTrust, type NodeTrustArgs } from "./trust/node-trust.ts";
export { SwarmTrust, type SwarmTrustArgs } from "./trust/swarm-trust.ts";
export { Htpasswd, type HtpasswdArgs, type UserArgs } from "./users/htpasswd.ts";
export type { IssuedTls } from "./whole/certificates.ts";
export { Registry } from "./whole/registry.ts";
export type { GivenTls, RegistryArgs, RegistryTrust } from "./whole/registry-args.ts";
