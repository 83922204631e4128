import { askYes, canAsk } from "../terminal/ask.ts";
import { columns, complain, show, verbosity } from "../terminal/terminal.ts";
import type { PreviewDigest } from "./preview-digest.ts";

export interface AgreeOptions {
  stack: string;
  /** Confirmed in advance. */
  yes: boolean;
  /** Standard output belongs to one JSON document. */
  json: boolean;
}

/**
 * Shows what an update changes and what clients notice, and asks on a terminal; without one it continues. A question comes
 * with what it is about, also with --quiet.
 */
export async function agreeToUpdate(digest: PreviewDigest, { stack, yes, json }: AgreeOptions): Promise<boolean> {
  const { renderSummary } = await import("./render-summary.ts");
  const lines = renderSummary(digest, { stack, columns: columns() });
  const asks = !yes && !json && canAsk();
  const tell = asks && verbosity() === "quiet" ? complain : show;
  if (!json) for (const line of lines) tell(line);
  if (!asks) return true;
  if (await askYes("Do this?")) return true;
  complain("Nothing was changed.");
  return false;
}
