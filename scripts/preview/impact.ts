import { movesImages } from "./moves-images.ts";
import type { PlannedChange } from "./planned-change.ts";

/**
 * What running clients notice, from least to most: nothing; a restart in place, which answers again after about a second and first
 * ends what is under way (registry.drainTimeout); a gap, while a new container starts; the end of the service; a new authority that
 * every daemon must get.
 */
export const clientEffects = ["none", "restart", "gap", "end", "new trust"] as const;
export type ClientEffect = (typeof clientEffects)[number];

/** What a change does to images and to clients. */
export interface Impact {
  clients: ClientEffect;
  images: "untouched" | "kept" | "new place" | "deleted";
  /** What the two words leave open. */
  note?: string;
}

type Judge = (change: PlannedChange, changes: PlannedChange[]) => Impact;

const untouched: Impact = { clients: "none", images: "untouched" };
const moved = { images: "new place", note: "images stay where they are now, and are not moved" } as const;

/**
 * What each change of a plan does: by its type, what is done, and which properties change. The settings' descriptions
 * (docs/settings.md) say the same of the settings.
 */
export function impactOf(change: PlannedChange, changes: PlannedChange[]): Impact {
  if (change.operation === "forget")
    return { ...untouched, note: "stays as it is; the stack no longer looks after it" };
  return (judges[change.type] ?? otherImpact)(change, changes);
}

/** The worst of what clients notice. */
export function worstEffect(impacts: Impact[]): ClientEffect {
  return clientEffects.findLast((effect) => impacts.some(({ clients }) => clients === effect)) ?? "none";
}

const judges: Record<string, Judge> = {
  "docker:index/container:Container": containerImpact,
  "docker:index/service:Service": serviceImpact,
  "docker:index/volume:Volume": volumeImpact,
  "docker:index/network:Network": ({ operation }) => serving(operation),
  "registry-kit:files:VolumeFiles": filesImpact,
  "registry-kit:certificates:CertificateAuthority": authorityImpact,
  "registry-kit:certificates:ServerCertificate": certificateImpact,
  "registry-kit:certificates:ProvidedCertificate": certificateImpact,
  "registry-kit:users:Htpasswd": ({ operation }, changes) => {
    const how = inService(changes) ? "new tasks" : "reread";
    return { ...untouched, ...(operation === "update" && { note: `${how}; users who changed must log in again` }) };
  },
  "registry-kit:registry:HttpSecret": ({ operation }, changes) => {
    if (operation === "create" || operation === "delete") return untouched;
    const clients = inService(changes) ? "none" : "restart";
    return { clients, images: "untouched", note: "uploads under way start over" };
  },
  "aws:s3/bucket:Bucket": storeImpact,
  "aws:s3/bucketV2:BucketV2": storeImpact,
};

/** Of helpers (images, limits, trust, IAM): what uses them changes with them, and is judged itself. */
const otherImpact: Judge = () => untouched;

function serving(operation: PlannedChange["operation"]): Impact {
  if (operation === "replace") return { clients: "gap", images: "kept" };
  if (operation === "delete") return { clients: "end", images: "kept" };
  return untouched;
}

function containerImpact(change: PlannedChange): Impact {
  const impact = serving(change.operation);
  if (movesImages(change)) return { ...impact, ...moved };
  // Restart policy and limits are changed under way; whatever else changes makes a new container.
  return change.operation === "update" ? { ...impact, note: "changes while it runs" } : impact;
}

function serviceImpact(change: PlannedChange): Impact {
  if (change.operation !== "update") return serving(change.operation);
  // SwarmKit makes new tasks for either (IsTaskDirty in its orchestrator).
  const newTasks = ["taskSpec", "endpointSpec"].some((property) => change.properties.includes(property));
  if (!newTasks) return { ...untouched, note: "tasks go on" };
  if (movesImages(change)) return { clients: "gap", ...moved };
  const replicas = replicasOf(change.new?.inputs);
  if (replicas === "global") {
    return {
      ...untouched,
      note: "new tasks, node by node; of several nodes the others answer meanwhile",
    };
  }
  return replicas > 1
    ? { ...untouched, note: `new tasks, one after the other; ${replicas} replicas answer meanwhile` }
    : { clients: "gap", images: "kept", note: "a new task" };
}

function replicasOf(inputs: Record<string, unknown> | undefined): number | "global" {
  const mode = inputs?.mode as { replicated?: { replicas?: unknown }; global?: unknown } | undefined;
  if (mode?.global === true) return "global";
  const replicas = mode?.replicated?.replicas;
  return typeof replicas === "number" ? replicas : 1;
}

/** What a service reads is a secret of the swarm: with another one it gets new tasks, which its own row tells of. */
function inService(changes: PlannedChange[]): boolean {
  return changes.some(({ type }) => type === "docker:index/service:Service");
}

function volumeImpact(change: PlannedChange, changes: PlannedChange[]): Impact {
  return isFilesVolume(change, changes) ? untouched : storeImpact(change);
}

/** The volume of the registry's configuration: derived data, written again. */
function isFilesVolume({ urn, name }: PlannedChange, changes: PlannedChange[]): boolean {
  const files = changes.some(
    ({ type, urn: other }) => type === "registry-kit:files:VolumeFiles" && siblings(urn, other),
  );
  return /-files$/.test(name) && (files || urn.includes("registry-kit:index:"));
}

function siblings(a: string, b: string): boolean {
  const parent = (urn: string) => urn.split("::")[2]?.split("$").slice(0, -1).join("$");
  return parent(a) === parent(b);
}

/** Where images are: a volume or a bucket. */
function storeImpact({ operation, old, new: current }: PlannedChange): Impact {
  if (operation === "create" || operation === "update") return untouched;
  const kept = operation === "replace" ? (current?.retainOnDelete ?? old?.retainOnDelete) : old?.retainOnDelete;
  if (operation === "delete") {
    return { clients: "none", images: kept ? "kept" : "deleted", ...(kept && { note: "outlives the stack" }) };
  }
  return kept
    ? { clients: "none", images: "new place", note: "the new one is empty; the old one stays, with its images" }
    : { clients: "none", images: "deleted", note: "the new one is empty" };
}

function filesImpact({ operation, properties }: PlannedChange, changes: PlannedChange[]): Impact {
  if (operation === "create" || operation === "delete") return untouched;
  if (properties.length > 0 && properties.every((property) => property === "dataHost")) {
    return { ...untouched, note: "keeps the machine of the images in mind" };
  }
  const container = changes.some(
    ({ type, operation: what }) => type === "docker:index/container:Container" && what !== "update",
  );
  if (container) return { ...untouched, note: "the new container reads them" };
  const users = changes.some(({ type }) => type === "registry-kit:users:Htpasswd");
  return {
    clients: "restart",
    images: "untouched",
    ...(users && { note: "none where users are all that changes" }),
  };
}

function authorityImpact({ operation }: PlannedChange): Impact {
  if (operation === "create") return untouched;
  if (operation === "delete") return { ...untouched, note: "its key is forgotten" };
  return { clients: "new trust", images: "untouched", note: "every daemon must get the new ca.crt" };
}

function certificateImpact({ operation }: PlannedChange, changes: PlannedChange[]): Impact {
  if (operation === "create" || operation === "delete") return untouched;
  const clients = inService(changes) ? "none" : "restart";
  return { clients, images: "untouched", note: "re-issued; daemons go on trusting the authority" };
}
