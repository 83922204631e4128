import type { NodeTrustInputs } from "../../components/nodes/node-trust-inputs.ts";
import { nodeTrustDefinition } from "../../components/nodes/node-trust-lifecycle.ts";
import type { TrustState } from "../../components/nodes/trust-state.ts";
import { ResourceStack } from "./resource-stack.ts";

/** One NodeTrust as an engine drives it. */
export class TrustStack extends ResourceStack<NodeTrustInputs, TrustState> {
  constructor() {
    super(nodeTrustDefinition, "trust");
  }
}
