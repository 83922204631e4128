import type { StackResource } from "./engine.ts";

interface RecordedDeployment {
  resources?: unknown[] | undefined;
  pending_operations?: { resource: unknown; type: string }[] | undefined;
}

/** What a state holds, in its order, and what a killed run had begun to create: that may be there, too. */
export function recordedResources(deployment: RecordedDeployment | undefined): StackResource[] {
  const begun = deployment?.pending_operations?.filter(({ type }) => type === "creating") ?? [];
  return [
    ...(deployment?.resources ?? []),
    ...begun.map(({ resource }) => ({ ...(resource as object), begun: true })),
  ] as StackResource[];
}
