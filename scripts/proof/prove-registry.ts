import { performance } from "node:perf_hooks";
import type { Check, Outcome } from "./check.ts";
import { failed, skipped } from "./check.ts";
import { anonymousRefused } from "./checks/anonymous-refused.ts";
import { answers } from "./checks/answers.ts";
import { cachedPull } from "./checks/cached-pull.ts";
import { catalogListsIt } from "./checks/catalog-lists-it.ts";
import { certificatesOfHosts } from "./checks/certificates-of-hosts.ts";
import { cleanUp } from "./checks/clean-up.ts";
import { dockerLogin } from "./checks/docker-login.ts";
import { certificateExpiry } from "./checks/expiry.ts";
import { healthy } from "./checks/healthy.ts";
import { layersAreWhole } from "./checks/layers-are-whole.ts";
import { localCopyRemoved } from "./checks/local-copy-removed.ts";
import { noSchema1Manifest } from "./checks/no-schema1-manifest.ts";
import { noSecretInInspect } from "./checks/no-secret-in-inspect.ts";
import { noSecretInService } from "./checks/no-secret-in-service.ts";
import { noSelfMadeUser } from "./checks/no-self-made-user.ts";
import { nodesAnswer } from "./checks/nodes-answer.ts";
import { oldTlsRefused } from "./checks/old-tls-refused.ts";
import { pull } from "./checks/pull.ts";
import { push } from "./checks/push.ts";
import { pushRefused } from "./checks/push-refused.ts";
import { redisAnswers } from "./checks/redis-answers.ts";
import { rightPasswordAccepted } from "./checks/right-password-accepted.ts";
import { sameDigest } from "./checks/same-digest.ts";
import { serviceTasks } from "./checks/service-tasks.ts";
import { wrongPasswordRefused } from "./checks/wrong-password-refused.ts";
import { messageOf } from "./explain-daemon-error.ts";
import { hideSecrets } from "./find-secrets.ts";
import { createProofContext, type ProofContext } from "./proof-context.ts";
import type { CheckResult, ProofTarget } from "./proof-target.ts";

export interface ProofOptions {
  /** Stops the proof: the check under way fails, the rest is skipped, what was pushed is still cleaned up. */
  signal?: AbortSignal;
  /** How long the registry may take to answer first, in milliseconds. @default 30000 */
  patience?: number;
  /** Whether what users pushed can only be a warning. @default false */
  afterUp?: boolean;
}

/** How long one check may take, in milliseconds; `patience` comes on top. */
const checkLimit = 60_000;

/** How long a check that was told to end may take to do so: a push that is finished can be cleaned up, half a one not. */
const gracePeriod = 5_000;

/**
 * Proves a registry by using it: TLS, authentication, a login, a push and a pull through a Docker daemon, and what the
 * container gives away. Reports each check as it ends and returns all of them. Does not throw for what it finds.
 * Leaves nothing behind: on the daemon, on disk, and in the registry, whose storage is cleared past it. Where that cannot be
 * reached, the clean-up says what stays until the next garbage collection.
 */
export async function proveRegistry(
  target: ProofTarget,
  report: (result: CheckResult) => void,
  { signal = new AbortController().signal, patience = 30_000, afterUp = false }: ProofOptions = {},
): Promise<CheckResult[]> {
  const context = await createProofContext(target, patience, signal);
  const secrets = [...target.secrets, ...target.users.map(({ password }) => password)];
  const results: CheckResult[] = [];
  let stopShown = false;

  const record = (name: string, { ok, seen }: Outcome, started: number) => {
    const milliseconds = Math.round(performance.now() - started);
    const result = { name, ok, seen: hideSecrets(seen, secrets), milliseconds };
    results.push(result);
    report(result);
  };
  for (const check of checksFor(context)) {
    const started = performance.now();
    const outcome = await outcomeOf(check, context, signal, stopShown);
    stopShown ||= signal.aborted && outcome.ok === false;
    const warns = afterUp && check.isOfContent && outcome.ok === false && !signal.aborted;
    record(check.name, warns ? { ...outcome, ok: "warning" } : outcome, started);
  }
  // Not ended by the signal: it is there for the case that everything else was.
  const started = performance.now();
  record(cleanUp.name, await bounded(cleanUp, context, new AbortController().signal), started);
  return results;
}

function checksFor(context: ProofContext): Check[] {
  const ofService = context.target.service ? [serviceTasks, ...nodesAnswer(context)] : [];
  const service = [answers, ...certificatesOfHosts(context), certificateExpiry, oldTlsRefused, healthy];
  // It has no users and takes no pushes.
  if (context.target.upstream) return [...service, pushRefused, noSecretInInspect, layersAreWhole, cachedPull];
  return [
    ...ofService,
    ...service,
    anonymousRefused,
    wrongPasswordRefused,
    rightPasswordAccepted,
    noSelfMadeUser,
    noSecretInInspect,
    ...(context.target.service ? [noSecretInService] : []),
    ...(context.storage.kind === "filesystem" ? [noSchema1Manifest] : []),
    dockerLogin,
    push,
    localCopyRemoved,
    pull,
    sameDigest,
    catalogListsIt,
    ...(context.target.redis ? [redisAnswers] : []),
  ];
}

/** Runs a check unless the proof was stopped or an earlier check that it needs is unproven. */
async function outcomeOf(
  check: Check,
  context: ProofContext,
  signal: AbortSignal,
  stopShown: boolean,
): Promise<Outcome> {
  if (signal.aborted) return stopShown ? skipped("the proof was stopped") : failed("the proof was stopped here");
  const missing = check.needs(context).filter((need) => context.unproven.has(need));
  if (missing.length > 0) {
    context.unproven.add(check.name);
    return skipped(`needs "${missing[0]}", which is not proven`);
  }
  const outcome = await bounded(check, context, signal);
  if (outcome.ok === false) context.unproven.add(check.name);
  return signal.aborted && outcome.ok === false ? failed("the proof was stopped here") : outcome;
}

/** A check's outcome, whatever it does: it cannot throw, and it cannot hang. */
async function bounded(check: Check, context: ProofContext, signal: AbortSignal): Promise<Outcome> {
  const milliseconds = checkLimit + context.patience;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  ended.catch(() => {});
  const end = () => reject(new Error(signal.aborted ? "stopped" : `took longer than ${milliseconds / 1000} seconds`));
  let grace: NodeJS.Timeout | undefined;
  const startGrace = () => {
    grace = setTimeout(end, gracePeriod);
  };
  limit.addEventListener("abort", startGrace, { once: true });
  try {
    return await Promise.race([check.run(context, limit), ended]);
  } catch (error) {
    return failed(messageOf(error));
  } finally {
    limit.removeEventListener("abort", startGrace);
    clearTimeout(grace);
  }
}
