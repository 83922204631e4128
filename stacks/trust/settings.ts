import { z } from "zod";
import { insecureEntry } from "../../components/daemon-json/registry-entries.ts";
import { clientNames } from "../../components/trust/client-name.ts";
import { mirrorUrl, registryOfImages } from "../../components/trust/node-trust-inputs.ts";
import { isSshHost, isSshUser } from "../../lib/docker/ssh-name.ts";

const sshPattern = /^ssh:\/\/(?:([^@/\s:]+)@)?(\[[0-9a-fA-F:.]+\]|[^@/\s:[\]]+)(?::(\d+))?$/;
const sshRule = "must be ssh://user@host:port";

const sshUrl = z
  .string()
  .regex(sshPattern, { error: sshRule, abort: true })
  .refine(hasSshNames, `${sshRule}, with names that ssh takes: no "-" in front, and no signs of a shell`)
  .refine((url) => Number(sshPattern.exec(url)?.[3] ?? 22) < 65_536, `${sshRule}, with a port up to 65535`);

function hasSshNames(url: string): boolean {
  const [, user, host = ""] = sshPattern.exec(url) ?? [];
  return isSshHost(host) && (user === undefined || isSshUser(user));
}

const login = {
  privateKeyFile: z
    .string()
    .min(1)
    .optional()
    .describe("Private key to log in with. Default: the ssh agent, then the keys that ssh would try."),
  passphrase: z.string().min(1).meta({ secret: true }).optional().describe("Passphrase of that key."),
  knownHosts: z
    .string()
    .min(1)
    .optional()
    .describe("File with the nodes' host keys. Default: ~/.ssh/known_hosts, then /etc/ssh/ssh_known_hosts."),
  jump: sshUrl.optional().describe("Host on the way to the node, with the same keys."),
  sudo: z.boolean().optional().describe("Whether root's rights come from sudo. Default: false."),
  sudoPassword: z.string().min(1).meta({ secret: true }).optional().describe("What sudo asks for."),
  timeout: z.int().min(1).max(600).optional().describe("Seconds to wait for a connection. Default: 15."),
};

const place = {
  clients: z
    .union([z.literal("detect"), z.array(z.enum(clientNames)).min(1)])
    .optional()
    .describe(
      'Which clients: a list of docker, containerd and podman (with CRI-O), or "detect": those that are there. Default: docker.',
    ),
  rootless: z
    .boolean()
    .optional()
    .describe("Whether the clients run as the user who logs in, with their files in ~/.config. Default: false."),
  certsDirectory: z
    .string()
    .startsWith("/", "must be an absolute path on the node, such as /etc/docker/certs.d")
    .refine((path) => !/\p{Cc}/u.test(path), "must not hold control characters such as line ends")
    .optional()
    .describe("The Docker daemon's folder of certificates. Default: /etc/docker/certs.d."),
};

const node = z.union([
  z.literal("local"),
  sshUrl,
  z.strictObject({ address: sshUrl.describe("Where the node is, and as whom to log in."), ...login, ...place }),
]);

const nodeName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/, "must be letters, digits, . _ and -");

export const trustSettings = z.union([
  z.enum(["local", "none", "swarm"]),
  z.strictObject({
    nodes: z
      .record(nodeName, node)
      .optional()
      .describe(
        'A map from name to node: "local", "ssh://user@host:port", or a section. Default: this machine. If you take a node out of the list, the kit removes what it added there.',
      ),
    ssh: z.strictObject(login).default({}).describe("What holds for every node that does not say otherwise."),
    ...place,
    adopt: z
      .boolean()
      .default(false)
      .describe("Replace a different ca.crt that is already there. Teardown restores it."),
    insecureRegistries: z
      .array(insecureEntry)
      .default([])
      .describe(
        "Other registries, host:port or networks, that the Docker daemons use without TLS (CIS Docker Benchmark 2.5). Merged into daemon.json.",
      ),
    mirrors: z
      .record(registryOfImages, z.array(mirrorUrl).min(1))
      .default({})
      .describe(
        "A map from registry to the URLs of its mirrors. Docker uses those of docker.io, merged into daemon.json.",
      ),
  }),
]);

export type TrustSettings = z.infer<typeof trustSettings>;
export type NodeSettings = z.infer<typeof node>;
