import { isIP } from "node:net";
import { z } from "zod";
import { hostName } from "../../components/certificates/host-name.ts";
import { type RegistryOptions, registryOptions } from "../../components/registry/configuration/registry-options.ts";
import { proxyInputs } from "../../components/registry/proxy-inputs.ts";
import { dockerHost } from "../../lib/docker/docker-host.ts";
import { dockerName } from "../../lib/docker/docker-name.ts";
import { cacheSettings } from "../caches/settings.ts";
import { tlsSettings } from "../certificates/settings.ts";
import { imageSettings } from "../registry/image-settings.ts";
import { containerSettings } from "../registry/settings.ts";
import { serviceSettings } from "../service/settings.ts";
import { storageSettings } from "../storage/settings.ts";
import { swarmSettings } from "../swarm/settings.ts";
import { ephemeralSettings } from "../throw-away/settings.ts";
import { trustSettings } from "../trust/settings.ts";
import { userSettings } from "../users/settings.ts";

const generation = z.int().min(1).default(1);

/**
 * Everything a stack can be told, with its defaults. The text of docs/settings.md, the JSON Schema for editors
 * and every error message come from here.
 */
export const settings = z.strictObject({
  name: dockerName
    .default("registry")
    .describe(
      "Name of the container. The names of other objects begin with it. To change it, run down first: the images stay, keys and generated passwords are new.",
    ),
  docker: dockerHost
    .extend({
      insecure: z
        .literal("i-understand")
        .optional()
        .describe(
          "Needed for tcp:// without TLS, in url or DOCKER_HOST. The server's key and the users then cross the network in plain text, and anyone who reaches that port is root there. On a loopback address, that is every local user.",
        ),
    })
    .default({})
    .describe("The Docker engine that runs the registry."),
  image: imageSettings.describe("The registry's image."),
  hosts: z
    .array(hostName, { error: "must be a list of the names and addresses by which clients reach the registry." })
    .min(1, "is empty; name at least one host by which clients reach the registry.")
    .describe(
      "Names and addresses by which clients reach the registry. A change re-issues the server certificate and restarts the registry.",
    ),
  port: z.int().min(1).max(65535).default(5000).describe("Port on the Docker host. A change replaces the container."),
  address: z
    .string()
    .refine(
      (value) => isIP(value) !== 0 && !value.includes("%"),
      "must be an IP address of the Docker host, without a zone",
    )
    .optional()
    .describe(
      "Address of the Docker host to publish the port on. Default: a loopback address if every host is a loopback name, :: (all of IPv6) if every host is an IPv6 address, else 0.0.0.0 (all of IPv4). A change replaces the container.",
    ),
  tls: tlsSettings.describe("Certificates: issued by the stack's own certificate authority, provided by you, or none."),
  insecure: z
    .literal("i-understand")
    .optional()
    .describe(
      "Needed for tls: none. Anyone on the network can then read and change the traffic (CIS Docker Benchmark 2.5, 2.4 in older editions).",
    ),
  users: userSettings.describe(
    'Who can push and pull: a map from name to password, generated or hash; or "none". Changes never restart the registry.',
  ),
  storage: storageSettings.describe("Where images live."),
  container: containerSettings
    .optional()
    .describe("How the container runs: the default way to run a registry. Not together with service."),
  service: serviceSettings
    .optional()
    .describe(
      "Runs the registry as a service of a Docker swarm instead, on one node or several; {} takes all defaults.",
    ),
  swarm: swarmSettings
    .optional()
    .describe("The swarm that the service runs in. Default: the one that the Docker host manages."),
  registry: z
    .union([z.literal("none"), registryOptions])
    .prefault({})
    .describe(
      'The registry\'s own configuration; or "none": the stack has caches alone. A change restarts the registry in place. A change of drainTimeout replaces the container.',
    ),
  caches: cacheSettings.describe(
    "Pull-through caches: a map from name to the registry whose images the cache fetches and keeps. Each runs in its own container.",
  ),
  proxy: proxyInputs
    .optional()
    .describe(
      "The proxy through which the registry and its caches reach other servers: stores, upstreams, webhooks. The kit takes none from its environment. A change replaces the containers.",
    ),
  trust: trustSettings
    .default("local")
    .describe(
      'Which Docker daemons trust the registry. "local": the one on this machine. "swarm": those on all swarm nodes, including nodes that join later. "none": no daemon. Or a section that lists nodes and how to reach them.',
    ),
  rotation: z
    .strictObject({
      authority: generation.describe("Raise to create a new certificate authority, which every daemon must get."),
      certificate: generation.describe("Raise to issue a new server certificate."),
      httpSecret: generation.describe("Raise to create a new http.secret."),
      storageKey: generation.describe(
        "Raise to create a new access key for storage.aws. The old one is deleted once the new one is in use.",
      ),
    })
    .prefault({})
    .describe('What "npm run rotate" counts up.'),
  ephemeral: ephemeralSettings.describe(
    'Marks a throw-away stack, created by "npm run up -- --stack NAME --from STACK". Not together with service or caches. A change replaces its volumes.',
  ),
});

/** Settings as they come out of {@link settings}: checked, with every default filled in. */
export type Settings = z.infer<typeof settings>;

/** Settings of a stack that takes pushes, not of one with caches alone. */
export type SettingsWithRegistry = Settings & { registry: RegistryOptions };

export function hasRegistry(settings: Settings): settings is SettingsWithRegistry {
  return settings.registry !== "none";
}
