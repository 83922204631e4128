import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import type { StorageStep } from "../../components/registry/stores/store-kind.ts";
import { stores } from "../../components/registry/stores/stores.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import { explainStorageError } from "./explain-storage-error.ts";
import type { ProofContext } from "./proof-context.ts";
import type { ProofTarget } from "./proof-target.ts";
import { readContainerLog } from "./read-container-log.ts";
import { type RegistryRequest, requestRegistry } from "./request-registry.ts";

/** What a driver's errors begin with, at the start or after what the registry was doing. */
const drivers = [...stores.map(({ errors }) => errors.prefix), "filesystem"];
const driverError = new RegExp(`(?:^|: )((?:${drivers.join("|")}): .*)`, "s");

/**
 * Begins an upload and takes it back. A daemon tries a push again for most of a minute when the storage fails.
 *
 * @returns why the storage does not take it; undefined where it does, or something else is wrong
 */
export async function findUploadProblem(context: ProofContext, signal: AbortSignal): Promise<string | undefined> {
  const { api, target, image } = context;
  const [user] = target.users;
  const path = `/v2/${image.repository}/blobs/uploads/`;
  // Stopped here, the upload may be there although its id is not known.
  signal.addEventListener("abort", () => (image.pushStarted = true), { once: true });
  const { status, headers } = await requestRegistry(api, { method: "POST", path, user }, signal);
  if (status >= 500) return findStorageProblem(context, signal);
  if (status !== 202) return undefined;
  image.uploads.push(new URL(headers.location ?? "", "http://registry").pathname.split("/").at(-1) ?? "");
  await requestRegistry(api, { method: "DELETE", path: pathOf(headers.location), user }, signal);
  return undefined;
}

/**
 * Uploads some bytes step by step, to see which one the storage refuses, and why: the daemon's own error is "500". The
 * blob that a working storage takes goes with the next garbage collection.
 *
 * @returns what to do, in one line; undefined where the storage is not to blame
 */
export async function findStorageProblem(context: ProofContext, signal: AbortSignal): Promise<string | undefined> {
  const { api, target, image } = context;
  const [user] = target.users;
  const repository = `/v2/${image.repository}/blobs`;
  const content = randomBytes(32).toString("hex");
  const digest = `sha256:${sha256(content)}`;
  let problem: string | undefined;

  /** @returns where to go on; undefined where there is nothing to go on with */
  const step = async (name: StorageStep, request: RegistryRequest): Promise<string | undefined> => {
    const { status, headers, body } = await requestRegistry(api, { ...request, user }, signal);
    const unhealthy = status === 503 && (await healthCheckError(target, signal));
    if (status >= 500) problem = explainStorageError(unhealthy || driverDetail(body), name);
    return status < 300 ? pathOf(headers.location) : undefined;
  };
  try {
    await step("look", { method: "GET", path: `${repository}/${digest}` });
    if (problem) return problem;
    const begun = await step("begin", { method: "POST", path: `${repository}/uploads/` });
    if (!begun) return problem;
    const appended = await step("append", { method: "PATCH", path: begun, body: content });
    if (!appended) return problem;
    await step("finish", { method: "PUT", path: `${appended}${appended.includes("?") ? "&" : "?"}digest=${digest}` });
    if (!problem) await step("read", { method: "GET", path: `${repository}/${digest}` });
    return problem;
  } catch {
    // No answer at all: that is what the check that asked has seen, too.
    return problem;
  }
}

function pathOf(location = "/"): string {
  const { pathname, search } = new URL(location, "http://registry");
  return `${pathname}${search}`;
}

/** While its health check fails, the registry refuses everything without a reason: the reason is in its log. */
async function healthCheckError({ container }: ProofTarget, signal: AbortSignal): Promise<string | undefined> {
  if (!container) return undefined;
  const log = await text(
    await readContainerLog(dockerClient(container.docker).getContainer(container.id), { tail: 100, signal }),
  );
  return [...log.matchAll(/storage driver health check: ((?:[^"\\]|\\.)*)/g)].at(-1)?.[1]?.replaceAll("\\n", " ");
}

function driverDetail(body: string): string {
  try {
    const { errors } = JSON.parse(body) as { errors: { message: string; detail?: unknown }[] };
    const [error] = errors;
    const detail = typeof error?.detail === "string" ? error.detail : JSON.stringify(error?.detail ?? error?.message);
    return driverError.exec(detail)?.[1] ?? detail;
  } catch {
    return body;
  }
}
