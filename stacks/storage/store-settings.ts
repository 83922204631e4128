import { z } from "zod";
import { type ObjectStorage, stores } from "../../components/registry/stores/stores.ts";
import { pemAuthorities } from "../schema/pem-authorities.ts";

/** Settings of every store with servers of its own. */
export const authority = {
  // A key that was put among certificates belongs nowhere here.
  authority: pemAuthorities("no setting of a store")
    .optional()
    .describe(
      "PEM of the authorities that sign the store's certificate, if they are not public. The whole registry trusts them in addition to the public ones.",
    ),
};

/** What a user may write under the name of a driver. */
type StoreSettings = {
  [Driver in ObjectStorage["driver"]]: z.ZodOptional<
    z.ZodType<Omit<Extract<ObjectStorage, { driver: Driver }>, "driver"> & { authority?: string | undefined }>
  >;
};

/** Object storage as settings: the options of the registry's own driver, the name of the driver as key. */
export const objectStores = Object.fromEntries(
  stores.map(({ driver, options, rules, description, notSettings = [] }) => {
    const settings = Object.entries(options).filter(([name]) => !notSettings.some((left) => left === name));
    return [
      driver,
      z
        .strictObject({ ...Object.fromEntries(settings), ...authority })
        .check((payload) => rules(payload as never))
        .optional()
        .describe(description),
    ];
  }),
) as unknown as StoreSettings;
