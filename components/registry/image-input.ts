import { z } from "zod";

/** An image by its name with a version, or with its digest beside it. */
export const imageInput = z.union([
  z.string().min(1),
  z.strictObject({
    name: z.string().min(1).describe("Name with a version, for example registry:3.1.2."),
    digest: z.string().optional().describe("Its digest in its registry; the image is then pulled by it."),
  }),
]);
