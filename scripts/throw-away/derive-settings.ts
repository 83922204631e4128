import { Document, isScalar, parse } from "yaml";
import { typed } from "../../lib/start-up/typed.ts";
import { fromJsonText } from "../../stacks/schema/from-json-text.ts";
import { projectName } from "../project/project-name.ts";
import { schemaPath } from "../project/schema-path.ts";

/** What a throw-away stack does not share with the one that it is derived from. */
export interface Derivation {
  /** Name of the stack that the settings are from. */
  from: string;
  stack: string;
  /** ISO 8601, UTC. */
  created: string;
  /** What the names of its objects begin with. */
  name: string;
  port: number;
}

/** One registry in one container is enough for a throw-away stack, and nothing is guaranteed. The last two are looked through. */
const dropped = ["service", "swarm", "caches", "rotation", "registry", "container"].map(
  (key) => `${projectName}:${key}`,
);

/**
 * The text of a settings file for a throw-away stack, from that of another one: names, port, certificates and a volume of its own,
 * which goes with it; all else as it is there, encrypted values and the salt that they need included.
 */
export function deriveSettings(text: string, { from, stack, created, name, port }: Derivation): string {
  const { config, ...rest } = (parse(text) ?? {}) as { config?: Record<string, unknown> };
  const given = Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => [qualified(key), fromJsonText(value)]),
  );
  const [tls, trust, registry, container] = ["tls", "trust", "registry", "container"].map(
    (key) => given[qualified(key)],
  );
  const others = Object.entries(given).filter(([key]) => !dropped.includes(key));
  const own = {
    name,
    port,
    storage: { volume: { name: `${name}-data`, keep: false } },
    trust: localTrust(trust, tls),
    ...(registry === undefined ? {} : { registry: ownRegistry(registry) }),
    ...(container === undefined ? {} : { container: without(container, ["labels"]) }),
    ...(isOwn(tls) ? { tls: { ...tls, ...shortCertificates(name) } } : { tls }),
    ephemeral: { from, created },
  };
  const ownKeys = Object.fromEntries(Object.entries(own).map(([key, value]) => [qualified(key), value]));
  return [
    `# yaml-language-server: $schema=${schemaPath}`,
    `# A throw-away stack, created by: ${typed("up", `--stack ${stack} --from ${from}`)}`,
    `# Do not commit it. To remove it with all that it created: ${typed("down", `--stack ${stack} --purge`)}`,
    textOf({ config: { ...Object.fromEntries(others), ...ownKeys }, ...rest }),
  ].join("\n");
}

/** With the time in quotes: the Pulumi CLI writes a date without them in another form when it adds the salt. */
function textOf(settings: object): string {
  const document = new Document(settings);
  const created = document.getIn(["config", qualified("ephemeral"), "created"], true);
  if (isScalar(created)) created.type = "QUOTE_DOUBLE";
  return document.toString({ lineWidth: 0 });
}

/** This machine's clients alone: what other nodes have learnt is not forgotten without the state. */
function localTrust(trust: unknown, tls: unknown): unknown {
  if (trust === "swarm") return "local";
  if (typeof trust !== "object" || trust === null) return trust;
  // Without TLS the files of clients other than Docker allow plain HTTP, and the reaper knows certificates alone.
  const keys = tls === "none" ? ["certsDirectory"] : ["clients", "rootless", "certsDirectory"];
  const kept = Object.entries(trust).filter(([key]) => keys.includes(key));
  return kept.length > 0 ? Object.fromEntries(kept) : "local";
}

/**
 * The registry's own configuration without what leads back to the other stack: clients would be sent to its URL, its web hooks would be
 * told of pushes that are none, and in a Redis cache of both each would find layers that only the other one has.
 */
function ownRegistry(registry: unknown): unknown {
  const { cache } = registry as { cache?: unknown };
  return without(registry, ["externalUrl", "notifications", "redis", ...(cache === "redis" ? ["cache"] : [])]);
}

/** A section without some of its keys. What is encrypted as a whole can't be looked into. */
function without(section: unknown, keys: string[]): unknown {
  if (typeof section !== "object" || section === null) return section;
  return Object.fromEntries(Object.entries(section).filter(([key]) => !keys.includes(key)));
}

/** The authority's name, of 64 characters at most, tells its ca.crt from others. Both outlive any sensible throw-away stack. */
function shortCertificates(name: string): object {
  return {
    authority: { commonName: `registry-kit CA ${name.slice(-48)}`, lifetime: "30 days", renewBefore: "2 days" },
    certificate: { lifetime: "14 days", renewBefore: "1 day" },
  };
}

/** Whether the kit issues the certificates: neither "none", nor the user's own, nor a secret that can't be looked into. */
function isOwn(tls: unknown): tls is object | undefined {
  return tls === undefined || (typeof tls === "object" && tls !== null && !("provided" in tls) && !("secure" in tls));
}

function qualified(key: string): string {
  return key.includes(":") ? key : `${projectName}:${key}`;
}
