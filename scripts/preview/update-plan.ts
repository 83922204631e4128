import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { nameOf } from "../../lib/protocol/urn.ts";
import { typed } from "../../lib/start-up/typed.ts";
import { UserError } from "../terminal/user-error.ts";

const schema = z.object({
  madeBy: z.literal("registry-kit"),
  stack: z.string(),
  settings: z.string(),
  steps: z.array(z.object({ urn: z.string(), op: z.string(), diffReasons: z.array(z.string()) })),
});

/** What an engine would do to one resource, in its own words, and to which properties. */
export interface PlannedStep {
  urn: string;
  op: string;
  /** Changed top-level properties. */
  diffReasons?: string[] | undefined;
}

/** What a preview proposed, of which stack, with which settings. */
export interface UpdatePlan {
  stack: string;
  /** Digest of the settings. */
  settings: string;
  steps: PlannedStep[];
}

/**
 * Saves what a preview proposed. It holds no value, so no secret.
 *
 * Not the CLI's own `--save-plan`: its `up --plan` (3.260) takes values that a preview can't know for changes of plan, stops in
 * the middle, and prints the secrets among them in plain text (pulumi/pulumi#17546 shows such a message).
 */
export function savePlan(file: string, { stack, settings, steps }: UpdatePlan): void {
  const planned = steps.filter(isChange).map(({ urn, op, diffReasons = [] }) => ({ urn, op, diffReasons }));
  writeFileSync(file, `${JSON.stringify({ madeBy: "registry-kit", stack, settings, steps: planned }, null, 2)}\n`);
}

/** @throws {UserError} where the steps go beyond the plan; less than it is fine: another person may have done it */
export function holdToPlan(file: string, { stack, settings, steps }: UpdatePlan): void {
  const plan = readPlan(file);
  if (plan.stack !== stack) throw new UserError(`${file} is a plan of stack "${plan.stack}", not of "${stack}".`);
  if (plan.settings !== settings) {
    throw new UserError(
      `Nothing was changed: the settings of stack "${stack}" have changed since the plan in ${file} was made. Preview again, look at it, and save a new one.`,
    );
  }
  const planned = new Map(plan.steps.map((step) => [`${step.op} ${step.urn}`, step.diffReasons]));
  const beyond = steps.filter(isChange).filter(({ urn, op, diffReasons = [] }) => {
    const agreed = planned.get(`${op} ${urn}`);
    return !agreed || !diffReasons.every((property) => agreed.includes(property));
  });
  if (beyond.length === 0) return;
  const list = beyond.map(({ urn, op, diffReasons = [] }) =>
    `  ${op} ${nameOf(urn)} ${diffReasons.join(", ")}`.trimEnd(),
  );
  throw new UserError(
    `Nothing was changed: what would be done now goes beyond the plan in ${file}. Preview again, look at it, and save a new one.\n${list.join("\n")}`,
  );
}

function isChange({ op }: PlannedStep): boolean {
  return !["same", "read", "refresh"].includes(op);
}

function readPlan(file: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? "it is not one that the kit saved" : (error as Error).message;
    throw new UserError(`Plan ${file} can't be used: ${reason}. Type: ${typed("preview", `--save-plan ${file}`)}`);
  }
}
