import type { Display } from "../../engine/display/display.ts";
import { silentDisplay } from "../../engine/display/silent-display.ts";
import { nameOf } from "../../lib/protocol/urn.ts";
import { addResult } from "../terminal/json-result.ts";

/** Tells what a run did as part of the document of --json. @param preview the look ahead: only what failed counts */
export function resultDisplay(preview: boolean): Display {
  return {
    ...silentDisplay,
    ended({ exitCode, errors }, steps) {
      if (preview && exitCode === 0) return;
      const changes = steps.flatMap(({ urn, type, operation, leftover }) =>
        preview || operation === "same" || leftover ? [] : { name: nameOf(urn), type, operation },
      );
      addResult({ changes, errors });
    },
  };
}
