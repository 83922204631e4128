import type { z } from "zod";
import { cacheInputs, cacheOutputs, plainCacheInputs } from "../../components/caches/cache-inputs.ts";
import { certificateAuthorityDefinition } from "../../components/certificates/certificate-authority-lifecycle.ts";
import { providedCertificateDefinition } from "../../components/certificates/provided-certificate-lifecycle.ts";
import { serverCertificateDefinition } from "../../components/certificates/server-certificate-lifecycle.ts";
import { daemonConfigurationDefinition } from "../../components/daemon-json/daemon-configuration-lifecycle.ts";
import { swarmMembershipDefinition } from "../../components/swarm/swarm-membership-lifecycle.ts";
import { nodeTrustDefinition } from "../../components/trust/node-trust-lifecycle.ts";
import { swarmTrustDefinition } from "../../components/trust/swarm/swarm-trust-lifecycle.ts";
import { htpasswdDefinition } from "../../components/users/htpasswd-lifecycle.ts";
import { plainInputs } from "../../components/whole/check-registry.ts";
import { registryInputs } from "../../components/whole/registry-inputs.ts";
import { registryOutputs } from "../../components/whole/registry-outputs.ts";

/** A resource of the package as programs of every language get it. */
export interface PackageResource {
  type: string;
  inputs: z.ZodType;
  outputs: z.ZodType;
  secretOutputs: readonly string[];
  isComponent: boolean;
  /** Inputs that decide which resources there are. */
  plain: readonly string[];
  /** Classes and interfaces whose comments describe it, and the files that they are in; the first one is its class. */
  described: Record<string, string>;
}

interface Definition {
  type: string;
  inputs: z.ZodType;
  outputs: z.ZodType;
  secretOutputs: readonly string[];
}

const tlsCertificate = { TlsCertificate: "components/certificates/tls-certificate.ts" };

/** Every resource that the package offers; what components make for themselves is not among them. */
export const packageResources: PackageResource[] = [
  {
    type: "registry-kit:index:Registry",
    inputs: registryInputs,
    outputs: registryOutputs,
    secretOutputs: ["passwords"],
    isComponent: true,
    plain: plainInputs,
    described: {
      Registry: "components/whole/registry.ts",
      RegistryArgs: "components/whole/registry-args.ts",
    },
  },
  {
    type: "registry-kit:index:PullThroughCache",
    inputs: cacheInputs,
    outputs: cacheOutputs,
    secretOutputs: [],
    isComponent: true,
    plain: plainCacheInputs,
    described: {
      PullThroughCache: "components/caches/pull-through-cache.ts",
      PullThroughCacheArgs: "components/caches/pull-through-cache.ts",
    },
  },
  custom(certificateAuthorityDefinition, "components/certificates/certificate-authority.ts"),
  custom(serverCertificateDefinition, "components/certificates/server-certificate.ts", tlsCertificate),
  custom(providedCertificateDefinition, "components/certificates/provided-certificate.ts", tlsCertificate),
  custom(htpasswdDefinition, "components/users/htpasswd.ts"),
  custom(nodeTrustDefinition, "components/trust/node-trust.ts"),
  custom(swarmTrustDefinition, "components/trust/swarm-trust.ts"),
  custom(daemonConfigurationDefinition, "components/daemon-json/daemon-configuration.ts"),
  custom(swarmMembershipDefinition, "components/swarm/swarm-membership.ts"),
];

function custom(
  { type, inputs, outputs, secretOutputs }: Definition,
  file: string,
  more: Record<string, string> = {},
): PackageResource {
  const name = type.split(":").at(-1) as string;
  const described = { [name]: file, [`${name}Args`]: file, ...more };
  return { type, inputs, outputs, secretOutputs, isComponent: false, plain: [], described };
}
