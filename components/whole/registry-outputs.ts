import { z } from "zod";

/** What a `Registry` tells of itself: the types of its outputs for other languages. */
export const registryOutputs = z.object({
  url: z.string(),
  port: z.int(),
  userNames: z.array(z.string()),
  passwords: z.record(z.string(), z.string()),
  caCertificate: z.string().optional(),
  certificateExpires: z.string().optional(),
  volume: z.string().optional(),
  containerId: z.string().optional(),
  serviceId: z.string().optional(),
  dockerLogin: z.string(),
});
