import { z } from "zod";
import { storeLabel } from "../../components/files/layout.ts";
import type { PlannedChange } from "./planned-change.ts";

const folder = "/var/lib/registry";
const workload = z.object({
  labels: z.array(z.object({ label: z.string(), value: z.unknown() })).default([]),
  /** Of a container. */
  volumes: z.array(z.object({ containerPath: z.string(), hostPath: z.string().optional() })).default([]),
  /** Of a service. */
  mounts: z.array(z.object({ target: z.string(), source: z.string().optional() })).default([]),
});

/** Whether a container or a service has its images elsewhere afterwards. Another volume of a container is judged by itself. */
export function movesImages({ old, new: current }: PlannedChange): boolean {
  const [from, to] = [placeOf(old?.inputs), placeOf(current?.inputs)];
  return from !== undefined && to !== undefined && from !== to;
}

function placeOf(inputs: Record<string, unknown> | undefined): unknown {
  const service = inputs?.taskSpec as { containerSpec?: unknown } | undefined;
  const { success, data } = workload.safeParse(service?.containerSpec ?? inputs);
  if (!success) return undefined;
  const store = data.labels.find(({ label }) => label === storeLabel);
  if (store) return store.value;
  const volume = data.volumes.find(({ containerPath }) => containerPath === folder);
  if (volume) return volume.hostPath ?? "a volume";
  return data.mounts.find(({ target }) => target === folder)?.source;
}
