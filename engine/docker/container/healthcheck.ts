import type Docker from "dockerode";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { numberOf, textOf, textsOf } from "../../../lib/protocol/values.ts";
import { formatDuration, nanoseconds } from "../../../lib/time/go-duration.ts";
import { given } from "../common/given.ts";

/** Also for the containers of a service. */
export function healthcheckOf(check: PropertyMap | undefined) {
  if (!check) return undefined;
  return given({
    Test: textsOf(check.tests),
    Interval: nanoseconds(textOf(check.interval)),
    Timeout: nanoseconds(textOf(check.timeout)),
    StartPeriod: nanoseconds(textOf(check.startPeriod)),
    StartInterval: nanoseconds(textOf(check.startInterval)) || undefined,
    Retries: numberOf(check.retries) ?? 0,
  });
}

/** What Docker says of a health check, without `startInterval`, which services do not have. */
export function healthcheckOutput(check: Docker.HealthConfig): PropertyMap {
  return {
    tests: check.Test ?? [],
    interval: formatDuration(check.Interval),
    timeout: formatDuration(check.Timeout),
    startPeriod: formatDuration(check.StartPeriod),
    retries: check.Retries ?? 0,
  };
}
