import * as pulumi from "@pulumi/pulumi";
import { stackLabel } from "./stack-label.ts";

/** What every container, service and network of this stack carries. */
export function ownLabels(): Record<string, string> {
  return { [stackLabel]: pulumi.getStack() };
}
