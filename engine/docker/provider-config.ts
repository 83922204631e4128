import { closest } from "fastest-levenshtein";
import { parseJson } from "../../lib/protocol/parse-json.ts";
import {
  isObject,
  isSecret,
  makeSecret,
  type PropertyMap,
  type PropertyValue,
} from "../../lib/protocol/property-value.ts";
import type { CheckResult } from "../../lib/provider/lifecycle.ts";

/** The provider's configuration keys, `docker:<key>`. */
const keys = [
  "caMaterial",
  "certMaterial",
  "certPath",
  "context",
  "disableDockerDaemonCheck",
  "host",
  "keyMaterial",
  "registryAuth",
  "sshOpts",
];

/** Checks the provider's configuration. `registryAuth` becomes a secret, as it holds passwords. */
export function checkConfig(config: PropertyMap): CheckResult {
  const known = [...keys, "version", "pluginDownloadURL"];
  const failures = Object.keys(config)
    .filter((key) => !known.includes(key) && !key.startsWith("__"))
    .map((key) => ({
      property: key,
      reason: `docker:${key} is no setting of the docker provider; did you mean docker:${closest(key, keys)}?`,
    }));
  const { registryAuth } = config;
  if (registryAuth === undefined) return { inputs: config, failures };
  const reason = authProblem(isSecret(registryAuth) ? (registryAuth.value ?? null) : registryAuth);
  if (reason) failures.push({ property: "registryAuth", reason });
  return { inputs: { ...config, registryAuth: makeSecret(registryAuth) }, failures };
}

function authProblem(value: PropertyValue): string | undefined {
  const list = typeof value === "string" ? (parseJson(value) as PropertyValue) : value;
  if (!Array.isArray(list)) return "must be a list of { address, username, password }, or the JSON text of one";
  const bad = list.findIndex((entry) => !isObject(entry) || !entry.address);
  return bad < 0 ? undefined : `entry ${bad} has no address`;
}
