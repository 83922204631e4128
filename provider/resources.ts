import type { DefinedResource } from "../lib/provider/define-resource.ts";
import { defineResource } from "../lib/provider/define-resource.ts";

/** Loads the code of a resource type. */
export type LoadResource = () => Promise<DefinedResource>;

/** Every resource type of the kit, and where it is defined; what stacks ask for first comes first. */
export const resources: Record<string, LoadResource> = {
  "registry-kit:certificates:CertificateAuthority": () =>
    import("../components/certificates/certificate-authority-lifecycle.ts").then(({ certificateAuthorityDefinition }) =>
      defineResource(certificateAuthorityDefinition),
    ),
  "registry-kit:users:Htpasswd": () =>
    import("../components/users/htpasswd-lifecycle.ts").then(({ htpasswdDefinition }) =>
      defineResource(htpasswdDefinition),
    ),
  "registry-kit:registry:HttpSecret": () =>
    import("../components/registry/http-secret-lifecycle.ts").then(({ httpSecretDefinition }) =>
      defineResource(httpSecretDefinition),
    ),
  "registry-kit:certificates:ServerCertificate": () =>
    import("../components/certificates/server-certificate-lifecycle.ts").then(({ serverCertificateDefinition }) =>
      defineResource(serverCertificateDefinition),
    ),
  "registry-kit:certificates:ProvidedCertificate": () =>
    import("../components/certificates/provided-certificate-lifecycle.ts").then(({ providedCertificateDefinition }) =>
      defineResource(providedCertificateDefinition),
    ),
  "registry-kit:files:VolumeFiles": () =>
    import("../components/files/volume-files-lifecycle.ts").then(({ volumeFilesDefinition }) =>
      defineResource(volumeFilesDefinition),
    ),
  "registry-kit:files:VolumeOwner": () =>
    import("../components/files/volume-owner-lifecycle.ts").then(({ volumeOwnerDefinition }) =>
      defineResource(volumeOwnerDefinition),
    ),
  "registry-kit:registry:ProcessLimit": () =>
    import("../components/registry/process-limit-lifecycle.ts").then(({ processLimitDefinition }) =>
      defineResource(processLimitDefinition),
    ),
  "registry-kit:nodes:NodeTrust": () =>
    import("../components/trust/node-trust-lifecycle.ts").then(({ nodeTrustDefinition }) =>
      defineResource(nodeTrustDefinition),
    ),
  "registry-kit:nodes:DaemonConfiguration": () =>
    import("../components/daemon-json/daemon-configuration-lifecycle.ts").then(({ daemonConfigurationDefinition }) =>
      defineResource(daemonConfigurationDefinition),
    ),
  "registry-kit:nodes:StackIdentity": () =>
    import("../components/daemon-json/stack-identity-lifecycle.ts").then(({ stackIdentityDefinition }) =>
      defineResource(stackIdentityDefinition),
    ),
  "registry-kit:swarm:SwarmMembership": () =>
    import("../components/swarm/swarm-membership-lifecycle.ts").then(({ swarmMembershipDefinition }) =>
      defineResource(swarmMembershipDefinition),
    ),
  "registry-kit:swarm:ContentName": () =>
    import("../components/swarm/content-name-lifecycle.ts").then(({ contentNameDefinition }) =>
      defineResource(contentNameDefinition),
    ),
  "registry-kit:swarm:ServiceRollout": () =>
    import("../components/swarm/service-rollout-lifecycle.ts").then(({ serviceRolloutDefinition }) =>
      defineResource(serviceRolloutDefinition),
    ),
  "registry-kit:nodes:SwarmTrust": () =>
    import("../components/trust/swarm/swarm-trust-lifecycle.ts").then(({ swarmTrustDefinition }) =>
      defineResource(swarmTrustDefinition),
    ),
  "registry-kit:storage:SettledAccessKey": () =>
    import("../components/storage/settled-access-key-lifecycle.ts").then(({ settledAccessKeyDefinition }) =>
      defineResource(settledAccessKeyDefinition),
    ),
};
