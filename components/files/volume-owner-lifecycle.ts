import { z } from "zod";
import type { ResourceDefinition } from "../../provider/resource-definition.ts";
import { dockerClient } from "../docker-host/docker-client.ts";
import { dockerHost } from "../docker-host/docker-host.ts";
import { helperLabel, removeHelpers } from "./helpers.ts";

const number = z.int().min(0);
const inputs = z.object({
  dockerHost: dockerHost.default({}),
  volume: z.string().min(1),
  image: z.string().min(1),
  owner: z.strictObject({ uid: number, gid: number }),
  folder: z.string().regex(/^[a-z]+$/, "must be a plain name of lower-case letters"),
});
const outputs = z.object({
  /** Whether the volume was empty. */
  given: z.boolean(),
  /** A run was killed before it could say. */
  interrupted: z.boolean().optional(),
});

type Inputs = z.infer<typeof inputs>;

/** Answers 0 where it gave the volume away, 3 where there is something in it. */
const script =
  'cd /volume && for f in * .[!.]*; do [ "$f" = lost+found ] || [ ! -e "$f" ] || exit 3; done; mkdir "$1" && chown "$2" "$1" .';

/** `registry-kit:files:VolumeOwner`: see the class of that name for what it means to users. */
export const volumeOwnerDefinition: ResourceDefinition<Inputs, z.infer<typeof outputs>> = {
  type: "registry-kit:files:VolumeOwner",
  inputs,
  outputs,
  secretOutputs: [],
  replaceOn: ["volume", "dockerHost"],
  due: ({ outputs: { interrupted } }) =>
    interrupted ? [{ property: "interrupted", reason: "the last run was stopped while it looked at the volume" }] : [],
  find: async ({ volume }) => ({ id: volume, outputs: { given: false, interrupted: true } }),
  create: async (news) => ({ id: news.volume, outputs: await give(news) }),
  update: async (_state, news) => await give(news),
  // The owner stays. A helper that a killed run left would keep the volume from being removed.
  delete: ({ inputs: { dockerHost: host, volume } }) => removeHelpers(dockerClient(host), volume),
};

async function give({ dockerHost: host, volume, image, owner, folder }: Inputs): Promise<{ given: boolean }> {
  await removeHelpers(dockerClient(host), volume);
  const helper = await dockerClient(host).createContainer({
    Image: image,
    Entrypoint: ["/bin/sh", "-c", script, "sh"],
    Cmd: [folder, `${owner.uid}:${owner.gid}`],
    User: "0:0",
    // By which a helper that a killed run left is found: it would keep the volume from being removed.
    Labels: { [helperLabel]: volume },
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      SecurityOpt: ["no-new-privileges"],
      Binds: [`${volume}:/volume:nocopy`],
    },
  });
  try {
    await helper.start();
    const { StatusCode } = (await helper.wait()) as { StatusCode: number };
    if (StatusCode === 0) return { given: true };
    if (StatusCode === 3) return { given: false };
    const output = await helper.logs({ stdout: true, stderr: true });
    throw new Error(
      `Volume ${volume} can't be given to ${owner.uid}:${owner.gid}: ${output
        .toString("utf8")
        .replaceAll(/[^\x20-\x7e]+/g, " ")
        .trim()}`,
    );
  } finally {
    await helper.remove({ force: true, v: true });
  }
}
