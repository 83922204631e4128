import { setTimeout as sleep } from "node:timers/promises";
import { type Check, failed, passed } from "../check.ts";
import { describeStoppedContainer } from "../describe-stopped-container.ts";
import { codeOf, messageOf } from "../explain-daemon-error.ts";
import { nodeAnswers } from "../node-answers.ts";
import type { ProofContext } from "../proof-context.ts";
import { type RegistryAnswer, requestRegistry } from "../request-registry.ts";

/** How long one attempt may take, and the pause between two, in milliseconds. */
const attemptLimit = 5_000;
const pause = 200;

/** Something on the port answers as a registry. It may have been started a moment ago: asks again until it does. */
export const answers: Check = {
  name: "registry answers",
  // Where no node answers, waiting for one gives the same again.
  needs: ({ nodes, unproven }) => {
    const names = nodes.map(nodeAnswers);
    return names.every((name) => unproven.has(name)) ? names.slice(0, 1) : [];
  },
  async run(context, signal) {
    const { api, patience, target } = context;
    const where = `${api.connectTo}:${api.port}`;
    const deadline = performance.now() + patience;
    for (;;) {
      const attempt = await tryOnce(context, signal);
      if (attempt.final) return attempt.answer ? passed(describe(attempt.answer)) : failed(`${where}: ${attempt.seen}`);
      const stopped = target.container && (await describeStoppedContainer(target.container));
      if (stopped) return failed(`${where}: ${attempt.seen}; ${stopped}`);
      if (performance.now() + pause > deadline) {
        const restarted = target.container && (await describeStoppedContainer(target.container, 1));
        const why = restarted ?? "is the registry running, and on this port?";
        return failed(`${where}: ${attempt.seen}, for ${patience / 1000} s; ${why}`);
      }
      await sleep(pause, undefined, { signal });
    }
  },
};

interface Attempt {
  answer?: RegistryAnswer;
  seen: string;
  /** Asking again would give the same. */
  final: boolean;
}

async function tryOnce({ api, target }: ProofContext, signal: AbortSignal): Promise<Attempt> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(attemptLimit)]);
    const answer = await requestRegistry(api, { method: "GET", path: "/v2/" }, limit);
    if (isRegistry(answer)) return { answer, seen: "", final: true };
    const seen = `HTTP ${answer.status}`;
    if (!target.tls && answer.status === 400 && answer.body.includes("HTTPS")) {
      return { seen: "speaks TLS, and the stack expects plain HTTP", final: true };
    }
    // A proxy in front of a registry that is still starting.
    if (answer.status >= 500) return { seen: `answers ${seen}`, final: false };
    return {
      seen: `answers ${seen}, but not as a registry (no Docker-Distribution-Api-Version header); does another program use this port?`,
      final: true,
    };
  } catch (error) {
    signal.throwIfAborted();
    const code = codeOf(error) ?? "";
    if (code === "EPROTO" || code.startsWith("ERR_SSL")) {
      return { seen: "does not speak TLS; does another program use this port?", final: true };
    }
    if (code.startsWith("HPE_")) {
      const tls = target.tls ? "" : ", or does the registry expect TLS?";
      return { seen: `does not speak HTTP; does another program use this port${tls || "?"}`, final: true };
    }
    if (error instanceof Error && error.name === "AbortError") {
      return { seen: `gives no answer within ${attemptLimit / 1000} s`, final: false };
    }
    return { seen: messageOf(error), final: code === "ENOTFOUND" };
  }
}

function isRegistry({ headers }: RegistryAnswer): boolean {
  return headers["docker-distribution-api-version"] === "registry/2.0";
}

function describe({ status }: RegistryAnswer): string {
  return `HTTP ${status}, Docker-Distribution-Api-Version: registry/2.0`;
}
