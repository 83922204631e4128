import { z } from "zod";
import { dockerHost } from "../../lib/docker/docker-host.ts";
import { volumeTask } from "./volume-script.ts";

const number = z.int().min(0);
export const inputs = z.object({
  dockerHost: dockerHost.default({}),
  volume: z.string().min(1),
  image: z.string().min(1),
  owner: z.strictObject({ uid: number, gid: number }),
  folder: z.string().regex(/^[a-z]+$/, "must be a plain name of lower-case letters"),
  keepsOwner: z.literal(true).optional(),
  task: volumeTask.optional(),
  node: z.string().min(1).optional(),
});
export const outputs = z.object({
  /** Whether the volume was empty. */
  given: z.boolean(),
  /** Not known: a run was killed before it could say, or the volume was lost. */
  interrupted: z.boolean().optional(),
  /** With `keepsOwner`: `uid:gid` of who has the volume now. */
  holder: z.string().optional(),
});

export type VolumeOwnerInputs = z.infer<typeof inputs>;
