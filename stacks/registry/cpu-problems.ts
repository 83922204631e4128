import type Docker from "dockerode";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "../settings/settings.ts";

/** Docker makes no container that may use more processors than the host has (moby's daemon/daemon_unix.go). */
export async function cpuProblems({ container }: Settings, client: Docker): Promise<Problem[]> {
  const { cpus } = container ?? {};
  if (cpus === undefined) return [];
  const { NCPU } = (await client.info()) as { NCPU: number };
  if (cpus <= NCPU) return [];
  const has = NCPU === 1 ? "1 processor" : `${NCPU} processors`;
  return [
    {
      path: "container.cpus",
      reason: `is ${cpus}, and the Docker host has ${has}. Set ${NCPU} or less, or leave it out.`,
    },
  ];
}
