import { z } from "zod";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";

/** The container that reads the files, as it is going to be. */
export const reader = z.strictObject({
  /** Its arguments, under the names of Pulumi's Docker provider; its image is that of the files. */
  container: z.record(z.string(), z.json()).transform((value) => value as PropertyMap),
  /** What its log says once it serves. */
  ready: z.string().min(1),
  /** The folder in it that it has to be able to write. */
  writes: z.string().startsWith("/").optional(),
  /** The volume with data that cannot be made again. */
  keeps: z.strictObject({ volume: z.string().min(1), driver: z.string().min(1).optional() }).optional(),
});

export type Reader = z.infer<typeof reader>;
