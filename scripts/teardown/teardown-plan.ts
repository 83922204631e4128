import { z } from "zod";
import { filesVolumeName, storageFolder } from "../../components/files/layout.ts";
import { trustFile } from "../../components/trust/trust-state.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import { shellWord } from "../../lib/processes/shell-word.ts";
import type { StackResource } from "../engines/engine.ts";

/** What a teardown does to the things outside the state. */
export interface TeardownPlan {
  /** In words: `container registry`. */
  goes: string[];
  /** What is looked after and stays, in words: `/etc/docker/.../ca.crt (it was there before)`. */
  stays: string[];
  /** What else stays. */
  kept: Kept[];
  /** Volumes with images that stay; `--purge` removes them afterwards. */
  keptVolumes: string[];
  /** Volumes of caches that stay; `--purge` removes them, too. What is in them can be fetched again. */
  keptCaches: string[];
  /** Volumes and buckets that go with all images in them, in words. */
  lostStores: string[];
}

export interface Kept {
  what: string;
  /** How to delete it. */
  how: string;
}

interface Mount {
  type?: string;
  source?: string;
  target?: string;
}

const container = "docker:index/container:Container";
const service = "docker:index/service:Service";
const volume = "docker:index/volume:Volume";
/** Kind in words, and how to delete one by hand. Every other type goes without a trace outside the state. */
const outside: Record<string, [kind: string, remove: string]> = {
  [container]: ["container", "docker rm --force"],
  [service]: ["service", "docker service rm"],
  [volume]: ["volume", "docker volume rm"],
  "docker:index/network:Network": ["network", "docker network rm"],
  "docker:index/secret:Secret": ["secret", "docker secret rm"],
  "docker:index/serviceConfig:ServiceConfig": ["config", "docker config rm"],
};
/** In the URN of all that a cache is made of. */
const ofCache = "registry-kit:index:PullThroughCache$";
const image = "docker:index/remoteImage:RemoteImage";
const bucket = "aws:s3/bucket:Bucket";
const volumeOwner = "registry-kit:files:VolumeOwner";
/** What a resource of another kind removes outside the state, in words. */
const traces: Record<string, (resource: StackResource) => string[]> = {
  "registry-kit:nodes:NodeTrust": (resource) => filesOf(resource).flatMap(({ path, fate }) => (fate ? [] : path)),
  "registry-kit:nodes:DaemonConfiguration": ({ id = "" }) => [`entries in daemon.json (${id})`],
  "registry-kit:nodes:SwarmTrust": ({ id = "" }) => [`service ${id} with the ca.crt on every node of the swarm`],
  "registry-kit:swarm:SwarmMembership": ({ outputs }) =>
    outputs?.made === true ? ["the swarm that this stack created, unless others use it"] : [],
};

/** Says what a teardown removes and what it leaves, from what the state holds. */
export function teardownPlan(resources: StackResource[]): TeardownPlan {
  const derived = new Set(
    resources.filter(({ type }) => type === container).map((owner) => filesVolumeName(nameOf(owner))),
  );
  const plan: TeardownPlan = { goes: [], stays: [], kept: [], keptVolumes: [], keptCaches: [], lostStores: [] };
  // Nodes first, then the registry: the reverse of how it was made.
  for (const resource of resources.toReversed()) {
    const { type, retainOnDelete } = resource;
    const name = nameOf(resource);
    const [kind, remove] = outside[type] ?? [];
    if (type === image && resource.inputs?.keepLocally === true) {
      plan.kept.push({ what: `image ${name}`, how: `docker image rm ${shellWord(name)}` });
    } else if (traces[type]) {
      plan.goes.push(...traces[type](resource));
      plan.stays.push(...filesOf(resource).flatMap(({ path, fate }) => (fate ? `${path} (${fate})` : [])));
    } else if (type === bucket && !retainOnDelete && !resource.external) {
      plan.goes.push(`bucket ${resource.id}`);
      plan.lostStores.push(`bucket ${resource.id}`);
    } else if (type === volume && retainOnDelete) {
      (resource.urn.includes(ofCache) ? plan.keptCaches : plan.keptVolumes).push(name);
    } else if (kind && remove && retainOnDelete) {
      plan.kept.push({ what: `${kind} ${name}`, how: `${remove} ${shellWord(name)}` });
    } else if (type === volume && resource.urn.includes(ofCache) && !derived.has(name)) {
      plan.goes.push(`volume ${name} (what a cache has fetched)`);
    } else if (kind) {
      plan.goes.push(`${kind} ${name}`);
      // Its tasks make the volume, so no resource of the state stands for it.
      if (type === service) plan.keptVolumes.push(...imageVolumes(resource));
      if (type === volume && !derived.has(name)) plan.lostStores.push(`volume ${name}`);
    } else if (type === volumeOwner) {
      // Of a service: it made the volume on its node, and the run may have ended before there was a service.
      if (resource.inputs?.task !== undefined) plan.keptVolumes.push(String(resource.inputs.volume));
    } else if (retainOnDelete && !type.startsWith("aws:s3")) {
      // The outputs say of buckets how to use them again.
      plan.kept.push({ what: `${type} ${name}`, how: "see the documentation of its provider" });
    }
  }
  return { ...plan, keptVolumes: [...new Set(plan.keptVolumes)] };
}

function nameOf({ inputs, id = "" }: StackResource): string {
  return typeof inputs?.name === "string" ? inputs.name : id;
}

function imageVolumes({ inputs }: StackResource): string[] {
  const { taskSpec } = (inputs ?? {}) as { taskSpec?: { containerSpec?: { mounts?: Mount[] } } };
  const mounts = taskSpec?.containerSpec?.mounts ?? [];
  return mounts.flatMap(({ type, source, target }) =>
    type === "volume" && target === storageFolder && source !== undefined ? source : [],
  );
}

/** The files of a trust; fate: why one stays, or what becomes of it instead. */
function filesOf({ outputs }: StackResource): { path: string; fate?: string }[] {
  const files = z.array(trustFile).safeParse(outputs?.files).data ?? [];
  return files.map(({ path, written, found, previous }) => {
    if (found && found.sha256 !== written.sha256) return { path, fate: "someone has changed it" };
    if (!previous) return { path };
    const isSame = sha256(previous.content) === written.sha256;
    return { path, fate: isSame ? "it was there before" : "what was there before is restored" };
  });
}
