import { isProviderType } from "../../lib/protocol/urn.ts";
import type { Step } from "../reporting/report.ts";
import type { PendingOperation, ResourceState } from "../state/resource-state.ts";
import { providerOf } from "./provider-of.ts";
import { runChange } from "./run-change.ts";
import type { RunContext } from "./run-context.ts";

export interface DeleteOptions {
  /** A place holder stays in the state until the new object is made: others still refer to the resource. */
  replacing?: boolean;
  /** URNs that go in the same run: what is `deletedWith` one of them needs no delete of its own. */
  condemned?: ReadonlySet<string>;
}

/**
 * Deletes the object of a resource, unless there is none or it must be left alone, and takes the resource out
 * of the state.
 * @throws {Reported} where the provider failed.
 */
export async function deleteObject(
  context: RunContext,
  old: ResourceState,
  { replacing = false, condemned = new Set() }: DeleteOptions = {},
): Promise<void> {
  const goneAnyway = old.deletedWith !== undefined && condemned.has(old.deletedWith);
  const untouched = !old.custom || old.external || old.pendingReplacement || old.retainOnDelete || goneAnyway;
  const urn = context.state.firstUrn(old.urn);
  const step: Step = {
    urn,
    type: old.type,
    operation: old.retainOnDelete || old.external ? "forget" : "delete",
    old,
    changes: [],
    ...((old.delete || replacing) && { leftover: true }),
  };
  const asksNobody = untouched || isProviderType(old.type);
  const pending: PendingOperation | undefined = asksNobody ? undefined : { resource: old, type: "deleting" };
  await runChange(context, step, pending, async () => {
    if (old.protect && !step.leftover) throw new Error(isProtected);
    if (pending && !context.preview) {
      const provider = await providerOf(context, old);
      await provider.delete({
        urn,
        id: old.id ?? "",
        inputs: old.inputs,
        outputs: old.outputs,
        timeout: old.customTimeouts?.delete ?? 0,
      });
    }
    if (replacing) context.state.amend(old, { ...old, pendingReplacement: true });
    else context.state.forget(old);
  });
}

const isProtected =
  'it is protected. Set "protect: false" in the program and run up, or run "pulumi state unprotect", then try again.';
