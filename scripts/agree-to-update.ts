import { askYes, canAsk } from "./ask.ts";
import type { PreviewDigest } from "./preview/preview-digest.ts";
import { columns, complain, show } from "./terminal.ts";

export interface AgreeOptions {
  stack: string;
  /** Agreed beforehand. */
  yes: boolean;
  /** Standard output belongs to one JSON document. */
  json: boolean;
}

/** Shows what an update changes and what clients notice, and asks where somebody can be asked; elsewhere it goes on. */
export async function agreeToUpdate(digest: PreviewDigest, { stack, yes, json }: AgreeOptions): Promise<boolean> {
  const { renderSummary } = await import("./preview/render-summary.ts");
  const lines = renderSummary(digest, { stack, columns: columns() });
  if (!json) for (const line of lines) show(line);
  if (yes || json || !canAsk()) return true;
  if (await askYes("Do this?")) return true;
  complain("Nothing was touched.");
  return false;
}
