import { certificateAuthorityDefinition } from "../components/certificates/certificate-authority-lifecycle.ts";
import { providedCertificateDefinition } from "../components/certificates/provided-certificate-lifecycle.ts";
import { serverCertificateDefinition } from "../components/certificates/server-certificate-lifecycle.ts";
import { volumeFilesDefinition } from "../components/files/volume-files-lifecycle.ts";
import { volumeOwnerDefinition } from "../components/files/volume-owner-lifecycle.ts";
import { daemonConfigurationDefinition } from "../components/nodes/daemon/daemon-configuration-lifecycle.ts";
import { stackIdentityDefinition } from "../components/nodes/daemon/stack-identity-lifecycle.ts";
import { nodeTrustDefinition } from "../components/nodes/node-trust-lifecycle.ts";
import { swarmTrustDefinition } from "../components/nodes/swarm/swarm-trust-lifecycle.ts";
import { httpSecretDefinition } from "../components/registry/http-secret-lifecycle.ts";
import { processLimitDefinition } from "../components/registry/process-limit-lifecycle.ts";
import { settledAccessKeyDefinition } from "../components/storage/settled-access-key-lifecycle.ts";
import { contentNameDefinition } from "../components/swarm/content-name-lifecycle.ts";
import { serviceRolloutDefinition } from "../components/swarm/service-rollout-lifecycle.ts";
import { swarmMembershipDefinition } from "../components/swarm/swarm-membership-lifecycle.ts";
import { htpasswdDefinition } from "../components/users/htpasswd-lifecycle.ts";
import type { DefinedResource } from "./define-resource.ts";
import { defineResource } from "./define-resource.ts";

/** Every resource type of the kit: one table, type -> lifecycle. */
export const resources: DefinedResource[] = [
  defineResource(certificateAuthorityDefinition),
  defineResource(contentNameDefinition),
  defineResource(daemonConfigurationDefinition),
  defineResource(htpasswdDefinition),
  defineResource(httpSecretDefinition),
  defineResource(nodeTrustDefinition),
  defineResource(processLimitDefinition),
  defineResource(providedCertificateDefinition),
  defineResource(serverCertificateDefinition),
  defineResource(serviceRolloutDefinition),
  defineResource(stackIdentityDefinition),
  defineResource(swarmMembershipDefinition),
  defineResource(swarmTrustDefinition),
  defineResource(settledAccessKeyDefinition),
  defineResource(volumeFilesDefinition),
  defineResource(volumeOwnerDefinition),
];
