import { z } from "zod";

export const ephemeralSettings = z
  .strictObject({
    from: z.string().min(1).describe("The stack whose settings these were."),
    created: z.iso
      .datetime({ error: 'must be a moment in UTC, such as "2026-11-21T12:00:00.000Z"' })
      .describe("When that was. npm run reap uses it."),
  })
  .optional();
