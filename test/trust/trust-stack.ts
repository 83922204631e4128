import type { NodeTrustInputs } from "../../components/trust/node-trust-inputs.ts";
import { nodeTrustDefinition } from "../../components/trust/node-trust-lifecycle.ts";
import type { TrustState } from "../../components/trust/trust-state.ts";
import { ResourceStack } from "./resource-stack.ts";

/** One NodeTrust as an engine drives it. */
export class TrustStack extends ResourceStack<NodeTrustInputs, TrustState> {
  constructor() {
    super(nodeTrustDefinition, "trust");
  }
}
