import Docker from "dockerode";
import { describe } from "vitest";
import { registryImage } from "./start-registry.ts";

/** Why tests that need Docker cannot run here; undefined: they can. */
export const withoutDocker: string | undefined = await whyNot();

/** A suite on the real engine with the real registry image; where there is none it is skipped, and its name says why. */
export function describeWithDocker(name: string, body: () => void): void {
  const title = withoutDocker ? `${name} (skipped: ${withoutDocker})` : name;
  describe.skipIf(withoutDocker !== undefined)(title, { timeout: 120_000 }, body);
}

async function whyNot(): Promise<string | undefined> {
  const docker = new Docker({ timeout: 5_000 });
  try {
    await docker.ping();
  } catch (error) {
    return `no Docker daemon answers: ${error instanceof Error ? error.message : error}`;
  }
  try {
    await docker.getImage(registryImage).inspect();
    return undefined;
  } catch {
    return `the Docker daemon has no image ${registryImage}`;
  }
}
