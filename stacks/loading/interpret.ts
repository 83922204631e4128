import type { z } from "zod";

/** An engine hands every value over as text: `5000`, `true` and `{"a":1}` mean what the schema says they are. */
export function interpret(text: string, schema: z.ZodType): unknown {
  // A key without a value.
  if (text === "null") return null;
  if (schema.safeParse(text).success) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
