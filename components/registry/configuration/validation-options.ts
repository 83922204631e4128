import { z } from "zod";
import { name } from "./field-types.ts";
import { regularExpression } from "./regular-expression.ts";

const platform = z.strictObject({
  os: name.describe("Operating system, e.g. linux."),
  architecture: name.describe("Architecture as Go names it, e.g. amd64."),
});

/** What a manifest is checked for when it is pushed. */
export const validationOptions = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether manifests are checked at all; default true."),
    urls: z
      .strictObject({
        allow: z
          .array(regularExpression)
          .default([])
          .describe("Regular expressions (RE2, unanchored); addresses of foreign layers must match one. Default none."),
        deny: z
          .array(regularExpression)
          .default([])
          .describe(
            "Regular expressions (RE2, unanchored); addresses of foreign layers must match none. Default none.",
          ),
      })
      .prefault({})
      .describe("Addresses of foreign layers; without a rule, no manifest may hold such an address."),
    platforms: z
      .union([z.enum(["all", "none"]), z.array(platform).min(1, { error: "must name a platform; or write none" })])
      .default("all")
      .describe(
        "Images of an index that must be there when it is pushed: all, none or a list of platforms; default all.",
      ),
  })
  .prefault({});
