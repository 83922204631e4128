import { z } from "zod";
import { dockerHub } from "../../components/caches/docker-hub.ts";
import { duration, line, name, origin, port, secret } from "../../components/registry/configuration/field-types.ts";
import { dockerName } from "../../lib/docker/docker-name.ts";
import { evenWithMistakes } from "../schema/even-with-mistakes.ts";
import { pemAuthorities } from "../schema/pem-authorities.ts";

/** Names for Docker Hub that people type, and that serve no images. */
const hubWebSites = [
  "https://docker.io",
  "https://index.docker.io",
  "https://hub.docker.com",
  "https://www.docker.com",
];

const cache = z
  .strictObject({
    upstream: origin
      .refine((url) => !hubWebSites.includes(url.toLowerCase()), {
        error: `is not where Docker Hub keeps its images: write ${dockerHub}`,
      })
      .describe(
        `The registry whose images are cached: ${dockerHub} is Docker Hub. A change starts with an empty volume, unless you name the volume.`,
      ),
    port: port.describe("Port on the Docker host. A change replaces the container."),
    username: line
      .optional()
      .describe(
        "User at the upstream. Anyone who reaches the cache can then pull every image that this user can pull.",
      ),
    password: line
      .optional()
      .meta(secret)
      .describe("Password or access token of that user. A change counts within a minute, without a restart."),
    authority: pemAuthorities("no setting of a cache")
      .optional()
      .describe("PEM of the authority that signed the upstream's certificate, if it is not public."),
    mirror: z
      .boolean()
      .default(false)
      .describe(
        "Make the clients of the nodes under trust use it as a mirror: Docker for Docker Hub, containerd and podman for any registry.",
      ),
    ttl: duration(0)
      .default("168h")
      .describe(
        "How long a cached image is kept after it arrives, a duration; 0s keeps it forever. A change restarts the cache in place and applies to later images. Images that are already there keep their time.",
      ),
    users: z
      .literal("none", {
        error:
          "can't be asked for here: daemons send no password to their mirrors, so they would all skip this cache. Restrict who reaches it: by address, or a firewall",
      })
      .default("none")
      .describe("A cache asks for no password, because daemons send none to their mirrors."),
    insecure: z
      .literal("i-understand")
      .optional()
      .describe(
        "Needed with username if other machines reach the cache: anyone who does can then pull that user's private images.",
      ),
    volume: z
      .strictObject({
        name: dockerName
          .optional()
          .describe("Name of the volume. Default: made of the names of container and upstream."),
        keep: z.boolean().default(false).describe("Keep the volume, and with it what is cached, on teardown."),
      })
      .prefault({})
      .describe("Where the cached images live."),
    probe: name
      .regex(/^[a-z0-9][a-z0-9._/-]*:[\w][\w.-]*$/, {
        error: "must be a repository and a tag, as library/hello-world:latest",
      })
      .optional()
      .describe(
        "An image of the upstream that verify pulls through the cache. Default: library/hello-world:latest for Docker Hub, else none.",
      ),
  })
  .refine(({ username, password }) => username === undefined || password !== undefined, {
    when: evenWithMistakes,
    path: ["password"],
    error: "is missing beside username",
  })
  .refine(({ username, password }) => username !== undefined || password === undefined, {
    when: evenWithMistakes,
    path: ["username"],
    error: "is missing beside password",
  })
  .refine(({ username, upstream }) => username === undefined || !String(upstream).startsWith("http:"), {
    when: evenWithMistakes,
    path: ["upstream"],
    error:
      "is reached without TLS: the password would cross the network in plain text. Use https, or leave out username",
  });

export const cacheSettings = z
  .record(
    z
      .string()
      .regex(
        /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/,
        "names a cache: use lower-case letters, digits and dashes, 40 at most",
      ),
    cache,
  )
  .default({});

/** Settings of one cache. */
export type CacheSettings = z.output<typeof cache>;
