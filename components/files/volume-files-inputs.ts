import { z } from "zod";
import { dockerHost } from "../../lib/docker/docker-host.ts";
import { dataHost } from "../docker-host/data-host.ts";
import { reader } from "./reader.ts";

const file = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      "must be a plain file name of letters, digits, dots, dashes and underscores",
    ),
  content: z.string(),
  mode: z.int().min(0).max(0o777).default(0o400),
  onChange: z.enum(["reread", "restart"]),
});
export const inputs = z.object({
  dockerHost: dockerHost.default({}),
  volume: z.string().min(1),
  image: z.string().min(1),
  owner: z.strictObject({ uid: z.int().min(0), gid: z.int().min(0) }).default({ uid: 0, gid: 0 }),
  files: z.array(file).min(1),
  dataHost: dataHost.optional(),
  reader: reader.optional(),
});
export const outputs = z.object({
  /** Name -> SHA-256 of what was written. */
  digests: z.record(z.string(), z.string()),
  /** What a refresh found to be different from what was written; empty: nothing. */
  drift: z.array(z.string()),
});

export type VolumeFilesInputs = z.infer<typeof inputs>;
