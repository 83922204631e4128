import type Docker from "dockerode";
import { removeContainer, removeHelpers } from "../../components/files/helpers.ts";
import { filesVolumeName } from "../../components/files/layout.ts";
import { VolumeWriter } from "../../components/files/volume-writer.ts";
import { isNotFound } from "../../lib/docker/docker-client.ts";
import type { Estate } from "./estate.ts";
import { removeAuthorityFile } from "./remove-authority-file.ts";

/** Removes what a throw-away stack has on a Docker engine and in this machine's certs.d. @param report says what is left, and why */
export async function removeEstate(docker: Docker, estate: Estate, report: (line: string) => void): Promise<void> {
  const { containers, volumes, networks, trustedFiles } = estate;
  if (trustedFiles.length > 0) {
    const certificate = await serverCertificate(docker, estate);
    for (const file of trustedFiles) removeAuthorityFile(file, certificate, report);
  }
  for (const volume of volumes) await removeHelpers(docker, volume);
  for (const id of containers) await removeContainer(docker, id);
  for (const id of networks) await unlessGone(docker.getNetwork(id).remove());
  // Last: as long as a volume is there, another run finds the stack.
  for (const name of volumes) await unlessGone(docker.getVolume(name).remove());
}

/** The chain that the registry serves, from the volume of its files; undefined where nothing shows it. */
async function serverCertificate(docker: Docker, { name, volumes }: Estate): Promise<string | undefined> {
  const volume = filesVolumeName(name);
  if (!volumes.includes(volume)) return undefined;
  // Nothing runs: the image is only what a container cannot do without.
  const [image] = await docker.listImages();
  return image && (await new VolumeWriter(docker, volume, image.Id).readText("server.crt"));
}

async function unlessGone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error) => {
    if (!isNotFound(error)) throw error;
  });
}
