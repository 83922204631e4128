import type { DigestState, DigestStep, PreviewDigest } from "./preview-digest.ts";

export type Operation = "create" | "update" | "replace" | "delete" | "forget";

/** What happens to one resource. */
export interface PlannedChange {
  urn: string;
  /** `docker:index/container:Container` */
  type: string;
  name: string;
  operation: Operation;
  /** Changed top-level properties, sorted; of a replacement, `forcing` says which are the reason. */
  properties: string[];
  forcing: string[];
  old: DigestState | undefined;
  new: DigestState | undefined;
}

/** What the engines call the operations, and the parts of a replacement, of which the CLI tells each. */
const operations: Record<string, Operation> = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  delete: "delete",
  discard: "forget",
  import: "create",
};

/** The changes of a preview, one a resource, in the order of the engine; without components and providers, which are no objects. */
export function plannedChanges({ steps }: PreviewDigest): PlannedChange[] {
  const byUrn = new Map<string, DigestStep[]>();
  for (const step of steps) {
    if (!(step.op in operations) || isBookkeeping(step)) continue;
    byUrn.set(step.urn, [...(byUrn.get(step.urn) ?? []), step]);
  }
  return [...byUrn].map(([urn, parts]) => changeOf(urn, parts));
}

export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function changeOf(urn: string, parts: DigestStep[]): PlannedChange {
  const [first] = parts;
  const reasons = (pick: (step: DigestStep) => string[] | undefined) =>
    [...new Set(parts.flatMap((step) => pick(step) ?? []))].filter((key) => !key.startsWith("__")).sort();
  return {
    urn,
    type: typeOf(urn),
    name: nameOf(urn),
    operation: operations[first?.op ?? ""] ?? "update",
    properties: reasons(({ diffReasons, replaceReasons }) => [...(diffReasons ?? []), ...(replaceReasons ?? [])]),
    forcing: reasons(({ replaceReasons }) => replaceReasons),
    old: parts.find(({ oldState }) => oldState)?.oldState,
    new: parts.find(({ newState }) => newState)?.newState,
  };
}

/** The stack, components and provider resources stand for nothing that clients could notice. */
function isBookkeeping({ urn, oldState, newState }: DigestStep): boolean {
  const state = newState ?? oldState;
  return typeOf(urn).startsWith("pulumi:") || (state !== undefined && state.custom !== true);
}
