import { nameOf, typeOf } from "../../lib/protocol/urn.ts";
import { isMandatory, type PolicyReport, type PolicyViolation } from "../reporting/policy-report.ts";
import type { Paint } from "./paint.ts";

/** The section "Policies" as the CLI prints it: each pack, and under it what is violated, the mandatory ones first. */
export function renderPolicies(reports: PolicyReport[], paint: Paint): string[] {
  if (reports.length === 0) return [];
  return [`\n${paint("bold", "Policies:")}`, ...reports.flatMap((report) => renderPack(report, paint))];
}

function renderPack({ name, version, path, violations }: PolicyReport, paint: Paint): string[] {
  const sign = violations.some(isMandatory) ? "❌" : violations.length > 0 ? "⚠️" : "✅";
  const sorted = violations.toSorted(
    (a, b) => Number(isMandatory(b)) - Number(isMandatory(a)) || a.policy.localeCompare(b.policy, "en"),
  );
  return [
    `    ${sign} ${name}@v${version.replace(/^v/, "")} (local: ${path})`,
    ...sorted.flatMap((violation) => renderViolation(violation, paint)),
  ];
}

function renderViolation({ policy, level, urn, message }: PolicyViolation, paint: Paint): string[] {
  const head = paint(level === "mandatory" ? "red" : "yellow", `[${level}]  ${policy}`);
  return [
    `        - ${head}  (${typeOf(urn)}: ${nameOf(urn)})`,
    ...message.split("\n").map((line) => `          ${line}`),
  ];
}
