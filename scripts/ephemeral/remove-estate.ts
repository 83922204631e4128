import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { isNotFound } from "../../components/docker-host/docker-client.ts";
import { helperLabel } from "../../components/files/volume-writer.ts";
import type { Estate } from "./estate.ts";

/** Removes what a throw-away stack has on a Docker engine and in this machine's certs.d. @param report says what is left, and why */
export async function removeEstate(docker: Docker, estate: Estate, report: (line: string) => void): Promise<void> {
  const { containers, volumes, networks, trustedFiles, authority } = estate;
  for (const file of trustedFiles) forgetAuthority(file, authority, report);
  // What a killed run left: they would keep the volume from being removed.
  const helpers = (await docker.listContainers({ all: true, filters: { label: [helperLabel] } })).filter(({ Labels }) =>
    volumes.includes(Labels[helperLabel] ?? ""),
  );
  for (const id of [...containers, ...helpers.map(({ Id }) => Id)]) {
    await gone(docker.getContainer(id).remove({ force: true, v: true }));
  }
  for (const id of networks) await gone(docker.getNetwork(id).remove());
  for (const name of volumes) await gone(docker.getVolume(name).remove());
}

/** Removes a ca.crt, and its folder where that is empty then; one with another authority is somebody else's. */
function forgetAuthority(file: string, authority: string | undefined, report: (line: string) => void): void {
  if (!existsSync(file)) return;
  try {
    const { subject } = new X509Certificate(readFileSync(file));
    if (authority === undefined || !subject.split("\n").includes(`CN=${authority}`)) {
      report(`${file} is left: it is not the authority "${authority}" of that stack.`);
      return;
    }
    rmSync(file);
    // containerd's, which leads to that file.
    const hosts = join(dirname(file), "hosts.toml");
    if (existsSync(hosts) && readFileSync(hosts, "utf8").includes(JSON.stringify(file))) rmSync(hosts);
    rmdirSync(dirname(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTEMPTY") return;
    report(`${file} is left: ${(error as Error).message}`);
  }
}

async function gone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error) => {
    if (!isNotFound(error)) throw error;
  });
}
