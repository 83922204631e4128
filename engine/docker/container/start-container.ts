import type Docker from "dockerode";
import { attempt } from "../../../lib/docker/docker-error.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { isTrue, numberOf, textOf } from "../../../lib/protocol/values.ts";
import { waitUntil } from "../../../lib/time/wait-until.ts";
import type { Session } from "../common/resource-type.ts";

/** Starts a container as its inputs ask: `start`, then `wait` for health, then `attach` until it ends. */
export async function startContainer({ docker }: Session, id: string, inputs: PropertyMap): Promise<void> {
  const container = docker.getContainer(id);
  const name = textOf(inputs.name) ?? id;
  if (isTrue(inputs.start)) {
    await attempt(`start the container "${name}"`, () => container.start());
    if (isTrue(inputs.wait)) await waitForHealth(container, name, numberOf(inputs.waitTimeout) ?? 60);
  }
  if (isTrue(inputs.attach)) await attempt(`wait for the end of the container "${name}"`, () => container.wait());
}

/** @param limit seconds. A container that ended, or has no health check, is given up at once. */
export async function waitForHealth(container: Docker.Container, name: string, limit: number): Promise<void> {
  let last = "";
  const healthy = await waitUntil(
    async () => {
      const { State } = await container.inspect();
      if (!State.Health || State.Health.Status === "none") {
        throw new Error(`The container "${name}" has no healthcheck, so "wait" has nothing to wait for.`);
      }
      if (State.Health.Status === "healthy") return true;
      last = State.Health.Log?.at(-1)?.Output?.trim() ?? "";
      if (!State.Running && !State.Restarting) {
        throw new Error(`The container "${name}" ended with exit code ${State.ExitCode} before it was healthy.`);
      }
      return undefined;
    },
    { within: limit * 1000, every: 250 },
  );
  if (healthy) return;
  const said = last ? ` Its last check said: ${last.slice(0, 500)}` : "";
  throw new Error(`The container "${name}" was not healthy within ${limit} seconds (waitTimeout).${said}`);
}
