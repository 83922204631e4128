import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { checked } from "../config/checked.ts";
import type { EnforcementLevel } from "../reporting/policy-report.ts";

/** How one policy runs. */
export interface PolicySettings {
  level?: EnforcementLevel;
  /** What the policy itself reads. */
  properties: PropertyMap;
}

const level = z.enum(["advisory", "mandatory", "disabled"], {
  error: 'must be "advisory", "mandatory" or "disabled"',
});
const configSchema = z.record(
  z.string(),
  z
    .preprocess(
      (value) => (typeof value === "string" ? { enforcementLevel: value } : value),
      z.looseObject({ enforcementLevel: level.optional() }),
    )
    .transform(
      ({ enforcementLevel, ...properties }): PolicySettings => ({
        ...(enforcementLevel && { level: enforcementLevel }),
        properties: properties as PropertyMap,
      }),
    ),
);

/**
 * Reads what `--policy-pack-config` names, in the CLI's form: `{"a-policy": "advisory", "another": {"enforcementLevel":
 * "disabled", "its-own-setting": 3}}`; the name `all` speaks for every policy that is not named itself.
 */
export async function readPolicyConfig(file: string): Promise<Record<string, PolicySettings>> {
  const text = await readFile(file, "utf8");
  if (text.trim() === "") return {};
  return checked(configSchema, parseJson(text, file), `${file} does not configure a policy pack`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
}
