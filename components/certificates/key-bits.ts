import { z } from "zod";

/** RSA key sizes that the kit makes. Default: 3072, good beyond 2030 (NIST SP 800-57). */
export const keyBits = z
  .union([z.literal(2048), z.literal(3072), z.literal(4096)], "must be 2048, 3072 or 4096")
  .default(3072);
