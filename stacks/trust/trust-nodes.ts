import type { NodeConnection } from "../../components/machines/node-connection.ts";
import type { SshLogin } from "../../components/machines/ssh/ssh-login.ts";
import type { ClientName } from "../../components/trust/client-name.ts";
import type { NodeSettings, TrustSettings } from "./settings.ts";

/** A node as its resources take it. */
export interface TrustNode {
  /** As the settings name it; undefined: this machine, by default. */
  name: string | undefined;
  connection: NodeConnection;
  login?: Partial<SshLogin>;
  clients: "detect" | ClientName[];
  rootless: boolean;
  certsDirectory?: string;
}

/** The nodes that the settings name, each with what holds for all where it says nothing itself. */
export function trustNodes(trust: TrustSettings): TrustNode[] {
  if (trust === "none" || trust === "swarm") return [];
  if (trust === "local") return [trustNode(undefined, "local", { ssh: {} })];
  const nodes = trust.nodes ?? {};
  if (!trust.nodes) return [trustNode(undefined, "local", trust)];
  return Object.entries(nodes).map(([name, node]) => trustNode(name, node, trust));
}

/** Whether no node has other clients than Docker, as far as the settings say. */
export function isDockerAlone(nodes: TrustNode[]): boolean {
  return nodes.every(({ clients }) => clients !== "detect" && clients.every((each) => each === "docker"));
}

type Common = Pick<Exclude<TrustSettings, string>, "ssh" | "clients" | "rootless" | "certsDirectory">;

function trustNode(name: string | undefined, node: NodeSettings, { ssh, ...common }: Common): TrustNode {
  const { address, ...own } = typeof node === "string" ? { address: node } : node;
  const { clients = ["docker"], rootless = false, certsDirectory, ...login } = { ...common, ...ssh, ...own };
  const place = { name, clients, rootless, ...(certsDirectory ? { certsDirectory } : {}) };
  if (address === "local") return { ...place, connection: { type: "local" } };
  const { user, ...at } = parseSshUrl(address);
  const { jump, privateKeyFile, passphrase, knownHosts, sudo, sudoPassword, timeout } = login;
  const given = { privateKeyFile, passphrase, knownHosts, sudo, sudoPassword, timeout };
  return {
    ...place,
    connection: { type: "ssh", ...at },
    login: { user, ...withoutUndefined(given), ...(jump ? { jump: parseSshUrl(jump) } : {}) },
  };
}

/** `ssh://user@host:port`; without user it is root, without port 22. */
export function parseSshUrl(url: string): { user: string; host: string; port: number } {
  const [, user = "root", host = "", port = "22"] =
    /^ssh:\/\/(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(url) ?? [];
  return { user, host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

type Given<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

function withoutUndefined<Value extends object>(value: Value): Partial<Given<Value>> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<Given<Value>>;
}
