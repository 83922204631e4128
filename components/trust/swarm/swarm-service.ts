import type Docker from "dockerode";
import type { ServiceSpec } from "dockerode";
import { isNotFound } from "../../../lib/docker/docker-client.ts";
import type { SwarmTrustInputs } from "./swarm-trust-inputs.ts";
import { configName, ownerLabel, revisionLabel, type TrustMode, trustLabel, trustService } from "./trust-service.ts";

/** A service as it is on the swarm. */
export interface LiveService {
  id: string;
  version: number;
  mode: TrustMode;
  /** Undefined: no service of the kit. */
  revision: string | undefined;
  /** The resource that made it. */
  owner: string | undefined;
}

/** Undefined: there is no service of that name. */
export async function findService(docker: Docker, name: string): Promise<LiveService | undefined> {
  try {
    const { ID, Version, Spec } = await docker.getService(name).inspect();
    const ours = Spec.Labels?.[trustLabel] === name;
    const args: string[] = Spec.TaskTemplate.ContainerSpec?.Args ?? [];
    return {
      id: ID,
      version: Version.Index,
      mode: args[0] === "remove" ? "remove" : "keep",
      revision: ours ? Spec.Labels?.[revisionLabel] : undefined,
      owner: Spec.Labels?.[ownerLabel],
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Makes the service be so.
 * @param owner URN of the resource
 * @returns the revision of its tasks. @throws where another service has the name
 */
export async function applyService(
  docker: Docker,
  inputs: SwarmTrustInputs,
  mode: TrustMode,
  owner: string,
): Promise<string> {
  const { name } = inputs;
  let live = await findService(docker, name);
  if (live && (live.revision === undefined || live.owner !== owner)) {
    // Another one's would take its files from all nodes.
    const whose = live.revision === undefined ? "that the kit did not make" : `of another stack (${live.owner})`;
    throw new Error(`The swarm has a service ${name} ${whose}. Remove it, or choose another name.`);
  }
  const spec = trustService(inputs, mode, { config: await ensureConfig(docker, inputs), owner });
  const revision = spec.Labels?.[revisionLabel] ?? "";
  // A swarm starts no more tasks where one has ended for good.
  if (live?.mode === "remove" && mode === "keep") {
    await docker.getService(live.id).remove();
    live = undefined;
  }
  if (!live) await docker.createService(spec as Docker.CreateServiceOptions);
  else if (live.revision !== revision) await update(docker, live, spec);
  return revision;
}

async function update(docker: Docker, { id, version }: LiveService, spec: ServiceSpec): Promise<void> {
  await docker.getService(id).update({ ...spec, version } as Docker.ServiceSpec & { version: number });
}

/** Whether there are configs for a service of that name. */
export async function hasConfigs(docker: Docker, inputs: SwarmTrustInputs): Promise<boolean> {
  return (await listConfigs(docker, inputs)).length > 0;
}

/** The configs of former certificates; with `all` the present one, too. */
export async function removeConfigs(
  docker: Docker,
  inputs: SwarmTrustInputs,
  { all }: { all: boolean },
): Promise<void> {
  for (const { ID, Spec } of await listConfigs(docker, inputs)) {
    if (all || Spec.Name !== configName(inputs)) await docker.getConfig(ID).remove();
  }
}

async function listConfigs(docker: Docker, { name }: SwarmTrustInputs) {
  const filters = JSON.stringify({ label: [`${trustLabel}=${name}`] });
  return (await docker.listConfigs({ filters })) as { ID: string; Spec: { Name: string } }[];
}

async function ensureConfig(docker: Docker, inputs: SwarmTrustInputs): Promise<string> {
  const name = configName(inputs);
  const filters = JSON.stringify({ name: [name] });
  const configs = (await docker.listConfigs({ filters })) as { ID: string; Spec: { Name: string } }[];
  const found = configs.find(({ Spec }) => Spec.Name === name);
  if (found) return found.ID;
  const Data = Buffer.from(inputs.certificatePem).toString("base64");
  const made = await docker.createConfig({ Name: name, Labels: { [trustLabel]: inputs.name }, Data });
  return made.id;
}
