import type { TransferRates } from "./blob-transfer.ts";
import type { Figure } from "./figure.ts";

/** Transfers one way through the kit's registry, against one that was configured by hand. */
export function byHandFigure(
  name: string,
  title: string,
  way: keyof TransferRates,
  { kit, hand }: { kit: TransferRates; hand: TransferRates },
): Figure {
  return {
    name,
    title,
    unit: "MiB/s",
    subject: { label: "kit", values: kit[way] },
    reference: { label: "by hand", values: hand[way] },
    bound: { kind: "target", atLeast: 0.95 },
  };
}
