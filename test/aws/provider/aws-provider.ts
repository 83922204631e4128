import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { plainMap } from "../../../lib/protocol/property-value.ts";
import type { Provider } from "../../../lib/provider/provider.ts";
import { type Amazon, connect } from "./amazon.ts";
import { bucket } from "./bucket.ts";
import { bucketSettings } from "./bucket-settings.ts";
import { iamTypes } from "./iam-types.ts";
import { kmsKey } from "./kms-key.ts";
import { lifecycleOf } from "./lifecycle-of.ts";

/**
 * A provider for tests that stands in for `pulumi-resource-aws`: the resource types that the kit uses, with the same
 * configuration (`aws:endpoints` and so on), inputs and outputs, over Amazon's own SDK. What it does not know it refuses.
 */
export function awsProvider(): Provider {
  let amazon: Amazon | undefined;
  const connected = (): Amazon => {
    if (!amazon) throw new Error("The provider is not configured yet.");
    return amazon;
  };
  const types = [bucket, ...bucketSettings, ...iamTypes, kmsKey];
  const lifecycles = new Map(types.map((type) => [type.token, lifecycleOf(type, connected)]));
  return {
    version: "7.48.0",
    async configure(config: PropertyMap) {
      amazon = connect(plainMap(config));
    },
    lifecycle: (token) => lifecycles.get(token),
  };
}
