import { z } from "zod";

export const swarmSettings = z.strictObject({
  initialize: z
    .boolean()
    .default(false)
    .describe(
      "Make a swarm of this one node where the Docker host is in none; down leaves it again if this stack made it.",
    ),
  advertiseAddress: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe(
      "Address or interface by which other nodes reach a swarm that is made here. With the default no other node can join. Counts when the swarm is made.",
    ),
});
