import type { Bound, Figure } from "../../bench/harness/figure.ts";

/** A figure with values for the kit and, where given, for its reference. */
export function figure(kit: number[], reference?: number[], bound?: Bound, title = "what & <why>"): Figure {
  return {
    name: "start",
    title,
    unit: "ms",
    subject: { label: "kit", values: kit },
    ...(reference ? { reference: { label: "one container", values: reference } } : {}),
    ...(bound ? { bound } : {}),
  };
}
