import type { Figure } from "./figure.ts";

/** Transfers through the kit's registry, against one that was configured by hand. */
export function byHandFigure(name: string, title: string, values: { kit: number[]; hand: number[] }): Figure {
  return {
    name,
    title,
    unit: "MiB/s",
    subject: { label: "kit", values: values.kit },
    reference: { label: "by hand", values: values.hand },
    bound: { kind: "target", atLeast: 0.95 },
  };
}
