import { certificateAuthorityDefinition } from "../components/certificates/certificate-authority-lifecycle.ts";
import { providedCertificateDefinition } from "../components/certificates/provided-certificate-lifecycle.ts";
import { serverCertificateDefinition } from "../components/certificates/server-certificate-lifecycle.ts";
import { htpasswdDefinition } from "../components/users/htpasswd-lifecycle.ts";
import type { DefinedResource } from "./define-resource.ts";
import { defineResource } from "./define-resource.ts";

/** Every resource type of the kit: one table, type -> lifecycle. */
export const resources: DefinedResource[] = [
  defineResource(certificateAuthorityDefinition),
  defineResource(serverCertificateDefinition),
  defineResource(providedCertificateDefinition),
  defineResource(htpasswdDefinition),
];
