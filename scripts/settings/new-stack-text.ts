import { stringify } from "yaml";
import { stores } from "../../components/registry/stores/stores.ts";
import { isClone } from "../../lib/start-up/is-clone.ts";
import { typed } from "../../lib/start-up/typed.ts";
import { schemaPath } from "../project/schema-path.ts";

/** What is asked about a new stack. */
export interface NewStack {
  stack: string;
  hosts: string[];
  port: number;
  runs: "container" | "service";
}

/** The settings file of a new stack, with comments. */
export function newStackText({ stack, hosts, port, runs }: NewStack): string {
  const name = containerName(stack);
  const service = runs === "service";
  return `# yaml-language-server: $schema=${schemaPath}
# Settings of stack "${stack}", written by "${typed("init")}". All settings: ${isClone ? "" : "node_modules/registry-kit/"}docs/settings.md
#
# A new stack gets the hardened values without a word here:
#   - the registry runs as a user without rights (10001:10001), not as root
#   - it is on a network of its own, which unrelated containers can't reach
#   - keys are ECDSA P-256
# The commented lines below change that. A stack that exists already keeps what it has.
config:
  # The ${service ? "service" : "container"}; other objects begin with it.
  registry-kit:name: ${yaml(name)}
  # Names and addresses by which clients reach the registry. Loopback ones alone: only this machine does.
  registry-kit:hosts:
${hosts.map((host) => `    - ${yaml(host)}`).join("\n")}
  registry-kit:port: ${port}
  # A generated password: "${typed("password", `--stack ${stack} moby`)}" prints it. One of your own:
  # "${typed("set-password", `--stack ${stack} gordon`)}".
  registry-kit:users:
    moby:
      generated: true
  # Images are in a volume that "down" keeps. In a bucket: storage.aws, ${stores.map(({ driver }) => `storage.${driver}`).join(", ")}.
  registry-kit:storage:
    volume:
      name: ${yaml(`${name}-data`)}
${service ? serviceText : containerText}  # Whose Docker daemons trust the registry: local (this machine's), ${service ? "swarm (all nodes'), " : ""}nodes by ssh (docs/nodes.md), or none.
  registry-kit:trust: ${service ? "swarm" : "local"}
  # registry-kit:tls:
  #   keyType: rsa          # for clients that know no ECDSA
`;
}

const containerText = `  # registry-kit:container:
  #   user: "0:0"           # root in the container
  #   network: bridge       # the network of Docker that unrelated containers are on, too
  #   memory: 1024          # MiB
`;

const serviceText = `  registry-kit:swarm:
    # Makes this machine a swarm where it is in none.
    initialize: true
  registry-kit:service:
    # More than one needs images in a bucket.
    replicas: 1
    publish: ingress
    # user: "0:0"           # root in the container
`;

/** A name that Docker takes. */
function containerName(stack: string): string {
  const plain = stack
    .toLowerCase()
    .replace(/[^a-z0-9_.-]/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  return plain.length > 1 ? `registry-${plain}` : "registry";
}

/** A value as YAML writes it. */
function yaml(value: string): string {
  return stringify(value).trimEnd();
}
