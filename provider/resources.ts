import { certificateAuthorityDefinition } from "../components/certificates/certificate-authority-lifecycle.ts";
import { providedCertificateDefinition } from "../components/certificates/provided-certificate-lifecycle.ts";
import { serverCertificateDefinition } from "../components/certificates/server-certificate-lifecycle.ts";
import { volumeFilesDefinition } from "../components/files/volume-files-lifecycle.ts";
import { nodeTrustDefinition } from "../components/nodes/node-trust-lifecycle.ts";
import { swarmTrustDefinition } from "../components/nodes/swarm/swarm-trust-lifecycle.ts";
import { httpSecretDefinition } from "../components/registry/http-secret-lifecycle.ts";
import { processLimitDefinition } from "../components/registry/process-limit-lifecycle.ts";
import { htpasswdDefinition } from "../components/users/htpasswd-lifecycle.ts";
import type { DefinedResource } from "./define-resource.ts";
import { defineResource } from "./define-resource.ts";

/** Every resource type of the kit: one table, type -> lifecycle. */
export const resources: DefinedResource[] = [
  defineResource(certificateAuthorityDefinition),
  defineResource(htpasswdDefinition),
  defineResource(httpSecretDefinition),
  defineResource(nodeTrustDefinition),
  defineResource(processLimitDefinition),
  defineResource(providedCertificateDefinition),
  defineResource(serverCertificateDefinition),
  defineResource(swarmTrustDefinition),
  defineResource(volumeFilesDefinition),
];
