import type { Container } from "dockerode";
import { parse } from "yaml";
import { z } from "zod";
import { dockerClient } from "../../../components/docker-host/docker-client.ts";
import { storeAuthorityName } from "../../../components/registry/layout.ts";
import { execInContainer } from "../exec-in-container.ts";
import { messageOf } from "../explain-daemon-error.ts";
import type { ProofTarget } from "../proof-target.ts";
import type { S3Access } from "./s3-objects.ts";

/** The way to what a registry has stored, past the registry, which deletes no blobs. */
export type ProofStorage =
  | { kind: "filesystem"; container: Container; root: string }
  | { kind: "s3"; access: S3Access; root: string }
  | { kind: "none"; why: string };

const configuration = z.object({
  storage: z.looseObject({
    filesystem: z.looseObject({ rootdirectory: z.string() }).optional(),
    s3: z
      .looseObject({
        accesskey: z.string(),
        secretkey: z.string(),
        region: z.string(),
        bucket: z.string(),
        regionendpoint: z.string().optional(),
        rootdirectory: z.string().default(""),
        skipverify: z.boolean().default(false),
      })
      .optional(),
  }),
});

/** Finds out from the registry's own configuration, in its container, where it stores and how that is reached. Does not throw. */
export async function openProofStorage({ container: made }: ProofTarget): Promise<ProofStorage> {
  if (!made) return { kind: "none", why: "no container of the registry can be looked into from here" };
  try {
    const container = dockerClient(made.docker).getContainer(made.id);
    const { Config } = await container.inspect();
    const file = Config.Cmd?.at(-1) ?? "";
    const { code, output } = await execInContainer(container, ["cat", file]);
    if (code !== 0) return { kind: "none", why: `${file} cannot be read in its container` };
    const found = configuration.safeParse(parse(output));
    if (!found.success) return { kind: "none", why: "the way to the store is not in its config.yml" };
    const { filesystem, s3 } = found.data.storage;
    if (filesystem) return { kind: "filesystem", container, root: filesystem.rootdirectory };
    if (!s3) return { kind: "none", why: "the store is neither a volume or folder nor S3" };
    const folder = file.slice(0, file.lastIndexOf("/"));
    const authority = await execInContainer(container, ["cat", `${folder}/${storeAuthorityName}`]);
    const access: S3Access = {
      url: s3.regionendpoint ?? `https://s3.${s3.region}.amazonaws.com`,
      bucket: s3.bucket,
      region: s3.region,
      accessKey: s3.accesskey,
      secretKey: s3.secretkey,
      verify: !s3.skipverify,
      ...(authority.code === 0 ? { authority: authority.output } : {}),
    };
    return { kind: "s3", access, root: s3.rootdirectory };
  } catch (error) {
    return { kind: "none", why: messageOf(error) };
  }
}
