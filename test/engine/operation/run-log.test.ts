import { expect, it } from "vitest";
import { silentDisplay } from "../../../engine/display/silent-display.ts";
import { RunLog } from "../../../engine/operation/run-log.ts";
import type { Step } from "../../../engine/reporting/report.ts";

it("shows nothing after the end of a run, when what is cut off fails", () => {
  const shown: string[] = [];
  const log = new RunLog({
    ...silentDisplay,
    failed: (_step, error) => shown.push(error),
    message: (_severity, text) => shown.push(text),
  });
  const step: Step = {
    urn: "urn:pulumi:dev::shop::test:index:R::x",
    type: "test:index:R",
    operation: "create",
    changes: [],
  };
  log.failed(step, "before");
  log.end();
  log.failed(step, "the plugin process ended with SIGKILL");
  log.message("error", "after");
  expect(shown).toEqual(["before"]);
});
