import { z } from "zod";

export const swarmSettings = z.strictObject({
  initialize: z
    .boolean()
    .default(false)
    .describe(
      "Create a swarm of this one node if the Docker host is in none. down leaves the swarm again if this stack created it.",
    ),
  advertiseAddress: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe(
      "Address or interface by which other nodes reach a swarm that is created here. With the default, no other node can join. It counts only when the swarm is created.",
    ),
});
