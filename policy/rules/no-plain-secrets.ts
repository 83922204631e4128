import type { Resource } from "../resources/resource.ts";
import type { ResourceRule } from "../resources/rule.ts";
import { swarmData } from "../resources/swarm-data.ts";
import type { Value } from "../resources/value.ts";
import { workloadOf } from "../resources/workload.ts";

/** Names of variables and labels that hold secrets; those of files and identifiers end otherwise. */
const secretName =
  /(password|passwd|secret|token|credentials?|(secret[_-]?(access[_-]?)?|account[_-]?|private[_-]?|api[_-]?)key)$/i;

/** Text that is a secret wherever it stands: a private key, a bcrypt hash, a URL with a password. */
const secretText = /-----BEGIN [A-Z ]*PRIVATE KEY-----|\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}|:\/\/[^\s/:@]+:[^\s/@]+@/;

/** Keys of the registry's `config.yml` that hold secrets. */
const secretSetting = /^\s*(-\s*)?(secret|secretkey|accountkey|password|sentinelpassword|privatekey):[ \t]*\S/m;

export const noPlainSecrets: ResourceRule = {
  name: "no-plain-secrets",
  description:
    "No secret in environment variables, labels or swarm configs: anyone who may inspect the object reads them.",
  level: "mandatory",
  check(resource) {
    const workload = workloadOf(resource);
    return [
      ...found("Variable", workload?.environment),
      ...found("Label", workload?.labels),
      ...configProblems(resource),
    ];
  },
};

function found(what: string, values: Record<string, Value> = {}): string[] {
  return Object.entries(values)
    .filter(([name, value]) => isSecretPair(name, value))
    .map(
      ([name]) => `${what} ${name} looks like a secret. Pass it as a file: a Docker secret, or a volume of its own.`,
    );
}

function isSecretPair(name: string, value: Value): boolean {
  if (value === "" || value === null) return false;
  if (typeof value === "string" && secretText.test(value)) return true;
  const path = typeof value === "string" && value.startsWith("/");
  return secretName.test(name) && !path;
}

function configProblems(resource: Resource): string[] {
  if (resource.type !== "docker:index/serviceConfig:ServiceConfig") return [];
  const text = swarmData(resource) ?? "";
  if (!secretText.test(text) && !secretSetting.test(text)) return [];
  return ["It holds a secret, and every manager prints configs in plain text. Make it a docker.Secret."];
}
