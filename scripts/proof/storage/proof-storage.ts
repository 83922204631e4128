import type { Container } from "dockerode";
import { parse } from "yaml";
import { z } from "zod";
import { storeAuthorityName } from "../../../components/files/layout.ts";
import { credentialsName } from "../../../components/registry/store-credentials.ts";
import type { SigningKeys } from "../../../components/storage/signed-get.ts";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
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
        accesskey: z.string().optional(),
        secretkey: z.string().optional(),
        region: z.string(),
        bucket: z.string(),
        regionendpoint: z.string().optional(),
        rootdirectory: z.string().default(""),
        skipverify: z.boolean().default(false),
      })
      .optional(),
  }),
});

/** How long the look into the container may take, in milliseconds: a runtime that hangs answers no exec. */
const limit = 20_000;

/**
 * Finds out from the registry's own configuration, in its container, where it stores and how that is reached. Does not throw.
 * @param signal ends it before its time
 */
export async function openProofStorage(target: ProofTarget, signal: AbortSignal): Promise<ProofStorage> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(limit)]);
  const { promise: late, resolve } = Promise.withResolvers<ProofStorage>();
  const why = () =>
    signal.aborted ? "the proof was stopped" : `its container answers no exec in ${limit / 1000} seconds`;
  const giveUp = () => resolve({ kind: "none", why: why() });
  if (ended.aborted) giveUp();
  ended.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([late, lookInto(target, ended)]);
  } finally {
    ended.removeEventListener("abort", giveUp);
  }
}

async function lookInto({ container: made }: ProofTarget, signal: AbortSignal): Promise<ProofStorage> {
  if (!made) return { kind: "none", why: "no container of the registry can be looked into from here" };
  try {
    const container = dockerClient(made.docker).getContainer(made.id);
    const { Config } = await container.inspect();
    const file = Config.Cmd?.at(-1) ?? "";
    const { code, output } = await execInContainer(container, ["cat", file], signal);
    if (code !== 0) return { kind: "none", why: `${file} cannot be read in its container` };
    const found = configuration.safeParse(parse(output));
    if (!found.success) return { kind: "none", why: "the way to the store is not in its config.yml" };
    const { filesystem, s3 } = found.data.storage;
    if (filesystem) return { kind: "filesystem", container, root: filesystem.rootdirectory };
    if (!s3) return { kind: "none", why: "the store is neither a volume or folder nor S3" };
    const folder = file.slice(0, file.lastIndexOf("/"));
    const read = async (name: string) => {
      const { code, output } = await execInContainer(container, ["cat", `${folder}/${name}`], signal);
      return code === 0 ? output : undefined;
    };
    const { accesskey: accessKey, secretkey: secretKey } = s3;
    const keys = accessKey && secretKey ? { accessKey, secretKey } : keysIn((await read(credentialsName)) ?? "");
    if (!keys) return { kind: "none", why: "the registry's keys of the store are in no file of its container" };
    const authority = await read(storeAuthorityName);
    const access: S3Access = {
      url: s3.regionendpoint ?? `https://s3.${s3.region}.amazonaws.com`,
      bucket: s3.bucket,
      region: s3.region,
      ...keys,
      verify: !s3.skipverify,
      ...(authority === undefined ? {} : { authority }),
    };
    return { kind: "s3", access, root: s3.rootdirectory };
  } catch (error) {
    return { kind: "none", why: messageOf(error) };
  }
}

/** The keys in a file of credentials of Amazon's, with their session token. */
function keysIn(text: string): Omit<SigningKeys, "region"> | undefined {
  const setting = (name: string) => new RegExp(`^${name} *= *(.*)$`, "m").exec(text)?.[1]?.trim();
  const [accessKey, secretKey] = [setting("aws_access_key_id"), setting("aws_secret_access_key")];
  const sessionToken = setting("aws_session_token");
  if (!accessKey || !secretKey) return undefined;
  return { accessKey, secretKey, ...(sessionToken ? { sessionToken } : {}) };
}
