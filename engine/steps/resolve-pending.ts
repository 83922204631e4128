import { markSecrets } from "../../lib/protocol/special-values.ts";
import { isProviderType } from "../../lib/protocol/urn.ts";
import { hasTagsOf, namedObject } from "../aws/interrupted-create.ts";
import type { FindCall, Found } from "../plugins/resource-provider.ts";
import type { PendingOperation, ResourceState } from "../state/resource-state.ts";
import { providerOf } from "./provider-of.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Finds out how the operations ended that an earlier run had begun when it was killed, and records what is
 * really there:
 * - a create: the provider looks for the object (see `Lifecycle.find`). Found, it is adopted, and this run keeps, repairs
 *   or deletes it like any other. Of a provider that cannot look, the user is told what to look for.
 * - an update: the object is read, and marked so that the next update runs again.
 * - a delete: the object is read. Gone, it leaves a place holder, as after the first half of a delete-before-replace.
 */
export async function resolvePending(context: RunContext, operations: PendingOperation[]): Promise<void> {
  for (const operation of operations) {
    const { resource, type } = operation;
    if (type === "reading") continue;
    try {
      if (type === "creating") await resolveCreate(context, resource);
      else await resolveChange(context, operation);
    } catch (error) {
      throw new Error(
        `"${resource.urn}": the last run was stopped while ${type} it, and what is there now cannot be found out: ${(error as Error).message}`,
      );
    }
  }
}

async function resolveCreate(context: RunContext, resource: ResourceState): Promise<void> {
  const { state, report, now } = context;
  const { urn, inputs } = resource;
  const call = { urn, inputs, since: resource.created };
  const found = isProviderType(resource.type)
    ? await (await providerOf(context, resource)).find(call)
    : await findOwn(context, resource, call);
  if (found.kind === "none") return;
  if (found.kind === "unsupported") {
    const text =
      "the last run was stopped while creating it, and its provider cannot tell whether it was made. It is created again; " +
      "if that fails because it exists, remove it by hand and run again.";
    report.message("warning", text, urn);
    return;
  }
  const { id, reasons, outputs } = found.object;
  // The interrupted create was to replace an object of the same name, which is there still.
  if (state.remaining().some((old) => old.urn === urn && old.id === id && !old.pendingReplacement)) return;
  state.adopt({
    ...resource,
    id,
    outputs: markSecrets(outputs, resource.additionalSecretOutputs ?? []),
    ...(reasons.length > 0 && { initErrors: reasons }),
    created: now(),
    modified: now(),
  });
  report.message("info", `the last run was stopped while creating it; it was created and is adopted as "${id}"`, urn);
}

/** Asks the provider, and where that cannot look reads what has the name that the object was to get. */
async function findOwn(context: RunContext, resource: ResourceState, call: FindCall): Promise<Found> {
  const { urn, type, inputs, provider } = resource;
  const found = await context.providers.find(resource, call);
  const named = found.kind === "unsupported" && provider ? namedObject(type, inputs) : undefined;
  if (!named || !provider) return found;
  const client = await context.providers.client(provider);
  const live = await client.read({ urn, id: named.id, inputs: {}, outputs: {} });
  if (!live) return { kind: "none" };
  if (named.isOnly || hasTagsOf(inputs, live.outputs)) {
    return { kind: "found", object: { id: live.id, inputs, outputs: live.outputs, reasons: live.initErrors } };
  }
  const text = `the last run was stopped while creating it. "${named.id}" is there and nothing says whose it is, so it is left alone.`;
  context.report.message("warning", text, urn);
  return { kind: "none" };
}

async function resolveChange(context: RunContext, { resource, type }: PendingOperation): Promise<void> {
  const { state, report } = context;
  const old = state.remaining().find((candidate) => candidate.urn === resource.urn && candidate.id === resource.id);
  if (!old?.id) return;
  const { urn, id, inputs, outputs } = old;
  const live = await (await providerOf(context, old)).read({ urn, id, inputs, outputs });
  if (!live) {
    state.amend(old, { ...old, pendingReplacement: true }); // others may still refer to it
    report.message("info", `the last run was stopped while ${type} it; it is gone`, urn);
    return;
  }
  if (type === "deleting") return;
  const interrupted = {
    ...old,
    outputs: live.outputs,
    inputs: live.inputs ?? inputs,
    initErrors: ["the update was interrupted"],
  };
  state.amend(old, interrupted);
  report.message("info", "the last run was stopped while updating it; it is updated again", urn);
}
