import type { z } from "zod";

/** The value as a schema has it. @param refusal what begins the message where it is something else; @throws it, with all problems */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, refusal: string): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`${refusal}: ${issues.join("; ")}.`);
}
