import { certificateAuthority } from "../components/certificates/certificate-authority-resource.ts";
import { providedCertificate } from "../components/certificates/provided-certificate-resource.ts";
import { serverCertificate } from "../components/certificates/server-certificate-resource.ts";
import { volumeFiles } from "../components/files/volume-files-resource.ts";
import { nodeTrustDefinition } from "../components/nodes/node-trust-lifecycle.ts";
import { httpSecret } from "../components/registry/http-secret-resource.ts";
import { processLimit } from "../components/registry/process-limit-resource.ts";
import { htpasswd } from "../components/users/htpasswd-resource.ts";
import type { DefinedResource } from "./define-resource.ts";
import { defineResource } from "./define-resource.ts";

/** Every resource type of the kit: one table, type -> lifecycle. */
export const resources: DefinedResource[] = [
  certificateAuthority,
  htpasswd,
  httpSecret,
  defineResource(nodeTrustDefinition),
  processLimit,
  providedCertificate,
  serverCertificate,
  volumeFiles,
];
