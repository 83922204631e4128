import { styleText } from "node:util";
import type { ImageInspectInfo } from "dockerode";
import { dockerClient, isNotFound } from "../../lib/docker/docker-client.ts";
import { daemonMessage } from "../../lib/docker/docker-error.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import { dockerHostText } from "../../lib/docker/docker-host.ts";
import { typed } from "../../lib/start-up/typed.ts";
import { readableTimes } from "../../lib/time/readable-times.ts";
import { stackFlag } from "../command-line/stack-flag.ts";
import type { StackResource } from "../engines/engine.ts";
import type { DeployedService } from "../session/deployment.ts";
import { listNames } from "../terminal/list-names.ts";
import { type ServiceStatus, serviceStatus, type TaskStatus } from "./service-status.ts";

/** What can be seen of a deployed registry or cache from outside. */
export interface StackStatus {
  url: string;
  running: boolean;
  /** The container's state in the engine's words, how many tasks of the service run, or why it is not known. */
  state: string;
  /** healthy, unhealthy, starting; undefined where the container is gone. */
  health?: string;
  startedAt?: string;
  restarts?: number;
  image?: string;
  dockerHost: string;
  certificateExpires?: string;
  certificateDaysLeft?: number;
  users: string[];
  volume?: string;
  /** Undefined where the registry is a container. */
  service?: ServiceStatus;
  /** The bucket or container with the images, in words. */
  store?: string;
  /** The nodes whose clients trust the registry, as the last up or refresh left or found them. */
  nodes: NodeStatus[];
  /** With trust: swarm: the nodes that trust it, as the last up or refresh saw them. */
  trustedNodes?: string[];
}

export interface NodeStatus {
  name: string;
  address: string;
  /** `in place`, or what is not as it should be. */
  state: string;
  certificateExpires?: string;
  certificateDaysLeft?: number;
}

const remoteImage = "docker:index/remoteImage:RemoteImage";
const day = 24 * 60 * 60 * 1000;

/**
 * @param name of the stack, for what to type
 * @param resources of its state, which know by what name the image was asked for
 */
export async function stackStatus(
  name: string,
  stack: DeployedService,
  docker: DockerHost,
  now: Date,
  resources: StackResource[] = [],
): Promise<StackStatus> {
  const gone = goneText(name);
  const { url, userNames: users, volume, store, certificateExpires } = stack;
  return {
    url,
    ...(stack.service
      ? await serviceStatus(stack.service.id, dockerClient(docker), gone)
      : await containerStatus(stack.containerId ?? "", docker, gone, resources)),
    dockerHost: dockerHostText(docker),
    ...expiry(certificateExpires, now),
    users,
    ...(volume ? { volume } : {}),
    ...(store ? { store } : {}),
    nodes: stack.nodes.map((node) => nodeStatus(node, now)),
    ...(stack.trustedNodes ? { trustedNodes: stack.trustedNodes } : {}),
  };
}

function expiry(certificateExpires: string | undefined, now: Date) {
  if (!certificateExpires) return {};
  return {
    certificateExpires,
    certificateDaysLeft: Math.floor((Date.parse(certificateExpires) - now.getTime()) / day),
  };
}

/** A node as it was last left or found. */
export function nodeStatus(node: DeployedService["nodes"][number], now: Date): NodeStatus {
  const { name, address, state, certificateExpires } = node;
  return { name, address, state, ...expiry(certificateExpires, now) };
}

function goneText(stack: string): string {
  const of = stackFlag(stack);
  return `gone: ${typed("refresh", of)}, then ${typed("up", of)}`;
}

async function containerStatus(
  id: string,
  docker: DockerHost,
  gone: string,
  resources: StackResource[],
): Promise<Pick<StackStatus, "running" | "state" | "health" | "startedAt" | "restarts" | "image">> {
  try {
    const { State, Config, RestartCount } = await dockerClient(docker).getContainer(id).inspect();
    // The image can be gone while the container runs.
    const image = await dockerClient(docker)
      .getImage(Config.Image)
      .inspect()
      .catch(() => undefined);
    return {
      running: State.Running,
      state: State.Status,
      health: State.Health?.Status ?? "unknown",
      startedAt: State.StartedAt,
      restarts: RestartCount,
      image: imageName(askedFor(Config.Image, resources), image),
    };
  } catch (error) {
    if (isNotFound(error)) return { running: false, state: gone };
    return { running: false, state: `not known: ${daemonMessage(error)}` };
  }
}

/** The name by which the stack asked for an image; the same image can have names of other registries, too. */
function askedFor(imageId: string, resources: StackResource[]): string {
  const found = resources.find(({ type, outputs }) => type === remoteImage && outputs?.imageId === imageId);
  return typeof found?.outputs?.name === "string" ? found.outputs.name : imageId;
}

/** With its digest, where the registry in this very name gave it one. */
function imageName(name: string, image: ImageInspectInfo | undefined): string {
  if (name.includes("@") || !image) return name;
  const repository = name.replace(/:[^/:]+$/, "");
  const digest = image.RepoDigests?.find((found) => found.startsWith(`${repository}@`))?.split("@")[1];
  if (digest) return `${name}@${digest}`;
  return name === image.Id ? (image.RepoTags?.[0] ?? name) : name;
}

/** The status of a registry as lines for people. */
export function formatStatus(status: StackStatus): string {
  const users: Row = ["Users", listNames(status.users) || "none: anyone may push and pull"];
  return linesOf([["Registry", status.url], ...rowsOf(status), users, ...placesOf(status)]);
}

/** The status of a cache as lines for people. */
export function formatCacheStatus(status: StackStatus & { name: string; upstream: string }): string {
  const head: Row[] = [
    ["Cache", `${status.name}, ${status.url}`],
    ["Of", status.upstream],
  ];
  return linesOf([...head, ...rowsOf(status), ...placesOf(status)]);
}

type Row = [string, string | undefined];

function placesOf({ volume, store, nodes, trustedNodes }: StackStatus): Row[] {
  return [
    ["Volume", volume],
    ["Store", store],
    ...nodes.map((node): Row => ["Trusted by", describeNode(node)]),
    ["Trusted by", trustedNodes && listNames(trustedNodes)],
  ];
}

function rowsOf(status: StackStatus): Row[] {
  const colour = status.running && status.health !== "unhealthy" ? "green" : "red";
  const health = status.health ? `, ${healthText(status.health)}` : "";
  return [
    ["State", styleText(colour, `${status.state}${health}`, { stream: process.stdout })],
    ["Service", status.service && `${status.service.name} (${status.service.mode})`],
    ["Update", status.service?.update],
    ...(status.service?.tasks ?? []).map((task): Row => [task.wanted ? "Task" : "Ended", formatTask(task)]),
    ["Started", status.startedAt && `${status.startedAt}${status.restarts ? `, ${status.restarts} restarts` : ""}`],
    ["Image", status.image],
    ["Docker host", status.dockerHost],
    [
      "Certificate",
      status.certificateExpires && `until ${status.certificateExpires} (${status.certificateDaysLeft} days)`,
    ],
  ];
}

function linesOf(rows: Row[]): string {
  return rows.flatMap(([name, value]) => (value ? `${name.padEnd(12)} ${readableTimes(value)}\n` : [])).join("");
}

/** Docker calls a container healthy, unhealthy or starting, also one that has been running for a while. */
function healthText(health: string): string {
  return health === "starting" ? "not checked yet" : health;
}

function formatTask({ node, state, since, error }: TaskStatus): string {
  return `${state} on ${node ?? "no node yet"}${since ? ` since ${since}` : ""}${error ? `: ${error}` : ""}`;
}

function describeNode({ name, address, state, certificateDaysLeft }: NodeStatus): string {
  const place = name === address ? name : `${name} (${address})`;
  const days = certificateDaysLeft === undefined ? "" : `, authority ${certificateDaysLeft} days`;
  return `${place}: ${state}${days}`;
}
