import type { DigestState, DigestStep, PolicyFinding, PreviewDigest } from "./preview-digest.ts";

/** One line of the CLI's stream of events; source: apitype/events.go of Pulumi. */
export interface EngineEvent {
  diagnosticEvent?: { prefix?: string; message: string; severity: string; urn?: string; ephemeral?: boolean };
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
  resOpFailedEvent?: { metadata: StepMetadata };
  policyEvent?: { resourceUrn?: string; message: string; policyName: string; enforcementLevel: string };
  summaryEvent?: { resourceChanges?: Record<string, number>; PolicyPacks?: Record<string, string> };
}

export interface StepMetadata {
  op: string;
  urn: string;
  old?: DigestState | null;
  new?: DigestState | null;
  keys?: string[] | null;
  diffs?: string[] | null;
}

/**
 * Reads what `pulumi preview --json` prints with PULUMI_ENABLE_STREAMING_JSON_PREVIEW: the only way in which it tells about
 * policies, and about resources that stay the same.
 */
export function digestFromEvents(lines: string): PreviewDigest {
  const events = lines
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as EngineEvent);
  const summary = events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  return {
    steps: events.flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [stepOf(resourcePreEvent.metadata)] : [])),
    diagnostics: events.flatMap(({ diagnosticEvent }) => (diagnosticEvent ? diagnosticOf(diagnosticEvent) : [])),
    policies: events.flatMap(({ policyEvent }) => (policyEvent ? [findingOf(policyEvent)] : [])),
    changeSummary: summary?.resourceChanges ?? {},
    packs: Object.entries(summary?.PolicyPacks ?? {}).map(
      ([name, version]) => `${name.split("|")[0]}@v${version.replace(/^v/, "")}`,
    ),
  };
}

function stepOf({ op, urn, old, new: current, keys, diffs }: StepMetadata): DigestStep {
  return {
    op,
    urn,
    oldState: old ?? undefined,
    newState: current ?? undefined,
    diffReasons: diffs ?? undefined,
    replaceReasons: keys ?? undefined,
  };
}

type Diagnostic = NonNullable<EngineEvent["diagnosticEvent"]>;

/** Which plugin of this machine is used is nothing about the stack. */
export function isAboutThisMachine({ severity, message, ephemeral }: Diagnostic): boolean {
  return ephemeral === true || severity === "debug" || /^using pulumi-\S+ from \$PATH/.test(message);
}

function diagnosticOf(diagnostic: Diagnostic) {
  if (isAboutThisMachine(diagnostic)) return [];
  const { prefix = "", message, severity, urn } = diagnostic;
  const text = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  return [{ severity: severity === "info#err" ? "info" : severity, message: text.trimEnd(), urn }];
}

function findingOf(event: NonNullable<EngineEvent["policyEvent"]>): PolicyFinding {
  const { policyName: policy, enforcementLevel: level, resourceUrn: urn = "", message } = event;
  return { policy, level, urn, message: message.trimEnd() };
}
