import { resolve } from "node:path";
import { stackType } from "../../lib/protocol/urn.ts";
import { pluginGuards } from "../plugins/plugin-guards.ts";
import { PluginProcess } from "../plugins/plugin-process.ts";
import { isMandatory, type PolicyReport } from "../reporting/policy-report.ts";
import type { Reporter } from "../reporting/report.ts";
import type { StackState } from "../state/stack-state.ts";
import type { AnalyzedResource } from "./analyzed-resource.ts";
import { AnalyzerClient, type PackInfo } from "./analyzer-client.ts";
import { type PolicySettings, readPolicyConfig } from "./policy-config.ts";
import { readPolicyPack } from "./read-policy-pack.ts";

/** A pack that a run must obey. */
export interface PolicyPackOption {
  /** Folder of PulumiPolicy.yaml. */
  path: string;
  /** JSON file with levels and settings of its policies. */
  config?: string | undefined;
}

export interface PoliciesOptions {
  packs: PolicyPackOption[];
  /** `folder`: of the project; paths of packs are relative to it. */
  stack: { project: string; name: string; preview: boolean; folder: string };
  engineAddress: string;
  environment: NodeJS.ProcessEnv;
  report: Reporter;
}

interface Pack {
  client: AnalyzerClient;
  report: PolicyReport;
}

/** The policy packs of a run: each is a process that is asked about every resource, and about all of them at the end. */
export class Policies {
  readonly #options: PoliciesOptions;
  readonly #packs: Promise<Pack>[];

  /** Starts the packs; a problem shows at the first question. */
  constructor(options: PoliciesOptions) {
    this.#options = options;
    this.#packs = options.packs.map((pack) => this.#start(pack));
    for (const pack of this.#packs) pack.catch(() => {});
  }

  /**
   * Asks about one resource, before its step.
   * @returns why the step must not be done; in a preview always nothing, because the other resources must be seen, too.
   */
  async refusal(resource: AnalyzedResource): Promise<string | undefined> {
    const packs = await Promise.all(this.#packs);
    const found = await Promise.all(
      packs.map(async ({ client, report }) => {
        const violations = await client.analyze(resource);
        report.violations.push(...violations);
        return violations.filter(isMandatory).map(({ policy, message }) => `policy ${policy}: ${message}`);
      }),
    );
    const reasons = found.flat();
    return reasons.length > 0 && !this.#options.stack.preview ? reasons.join("\n") : undefined;
  }

  /** Asks about what the stack came to be. @returns why it must not be so, the refusals of single resources included. */
  async verdict(state: StackState): Promise<string | undefined> {
    const resources = state.registered().map(
      (resource): AnalyzedResource => ({
        state: resource,
        properties: resource.outputs,
        deleteBeforeReplace: undefined,
        provider: resource.provider ? state.provider(resource.provider) : undefined,
      }),
    );
    const stackUrn = resources.find(({ state: { type } }) => type === stackType)?.state.urn ?? "";
    for (const { client, report } of await Promise.all(this.#packs))
      report.violations.push(...(await client.analyzeStack(resources, stackUrn)));
    const violated = (await this.reports()).flatMap(({ violations }) => violations.filter(isMandatory));
    if (violated.length === 0) return undefined;
    return `Mandatory policies are violated: ${[...new Set(violated.map(({ policy }) => policy))].join(", ")}.`;
  }

  /** What has been found up to now; packs that did not start are missing. */
  async reports(): Promise<PolicyReport[]> {
    const packs = await Promise.allSettled(this.#packs);
    return packs.flatMap((pack) => (pack.status === "fulfilled" ? [pack.value.report] : []));
  }

  async close(): Promise<void> {
    for (const pack of await Promise.allSettled(this.#packs))
      if (pack.status === "fulfilled") pack.value.client.close();
  }

  async #start({ path, config }: PolicyPackOption): Promise<Pack> {
    const { stack, engineAddress, environment, report } = this.#options;
    const { folder, entry, version } = await readPolicyPack(resolve(stack.folder, path));
    const settings = config ? await readPolicyConfig(resolve(stack.folder, config)) : {};
    const command = { command: process.execPath, arguments: [...pluginGuards, entry], origin: "PulumiPolicy.yaml" };
    const started = await PluginProcess.start(`policy pack ${path}`, command, {
      engineAddress,
      folder,
      environment: {
        ...environment,
        PULUMI_NODEJS_PROJECT: stack.project,
        PULUMI_NODEJS_STACK: stack.name,
        PULUMI_NODEJS_DRY_RUN: String(stack.preview),
      },
      startTimeout: 60_000,
      onLine: (line) => report.message("info", `${path}: ${line}`),
    });
    const client = new AnalyzerClient(started);
    try {
      const info = await client.info();
      await client.configureStack(stack);
      await client.configure(completed(settings, info.policies, config));
      return { client, report: { name: info.name, version: version ?? info.version, path, violations: [] } };
    } catch (error) {
      client.close();
      throw error;
    }
  }
}

/** Settings for every policy. @throws where one is named that the pack does not have. */
function completed(
  { all, ...named }: Record<string, PolicySettings>,
  policies: PackInfo["policies"],
  file = "",
): PackInfo["policies"] {
  const stranger = Object.keys(named).find((name) => !policies.has(name));
  if (stranger)
    throw new Error(`${file}: the pack has no policy "${stranger}". It has ${[...policies.keys()].join(", ")}.`);
  return new Map(
    [...policies].map(([name, own]) => [
      name,
      {
        level: named[name]?.level ?? all?.level ?? own.level,
        properties: { ...own.properties, ...named[name]?.properties },
      },
    ]),
  );
}
