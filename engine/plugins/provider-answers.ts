import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { CheckFailure } from "../../lib/provider/lifecycle.ts";
import type { DetailedChange, ProviderDiff } from "./resource-provider.ts";

/** What a provider says about a change; no answer at all leaves it to the engine. */
export function parseDiff(response: messages.DiffResponse | undefined): ProviderDiff {
  if (!response) return { changes: "unknown", replaces: [], deleteBeforeReplace: false, detailed: [], diffs: [] };
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const changes = response.getChanges();
  return {
    changes: changes === DIFF_NONE ? "none" : changes === DIFF_SOME ? "some" : "unknown",
    replaces: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    detailed: response
      .getDetaileddiffMap()
      .toArray()
      .map(([path, detail]) => parseDetail(path, detail as unknown as RawDetail)),
    diffs: response.getDiffsList(),
  };
}

export function failuresOf(response: { getFailuresList(): messages.CheckFailure[] }): CheckFailure[] {
  return response
    .getFailuresList()
    .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
}

/** google-protobuf gives map values as arrays of fields; kind 0 (add) is left out. */
type RawDetail = [kind: number | undefined, inputDiff: boolean | undefined];

function parseDetail(path: string, [kind = 0, inputDiff = false]: RawDetail): DetailedChange {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
  const name =
    kind === ADD || kind === ADD_REPLACE ? "add" : kind === DELETE || kind === DELETE_REPLACE ? "delete" : "update";
  const replaces = [ADD_REPLACE, DELETE_REPLACE, UPDATE_REPLACE].includes(kind as 1);
  return { path, kind: name, replaces, inputDiff };
}
