import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { channelOptions } from "../../lib/protocol/channel-options.ts";
import { isObject, type PropertyMap } from "../../lib/protocol/property-value.ts";
import { fromStruct, toStruct } from "../../lib/protocol/struct.ts";
import type { PluginProcess } from "../plugins/plugin-process.ts";
import { callPlugin, callProblem, ProviderError, type UnaryMethod } from "../plugins/provider-connection.ts";
import type { EnforcementLevel, PolicyViolation } from "../reporting/policy-report.ts";
import { type AnalyzedResource, analyzeRequest, analyzerResource } from "./analyzed-resource.ts";
import type { PolicySettings } from "./policy-config.ts";

/** Seconds that a pack may take for one answer. */
const patience = 120;

/** What a pack says of itself. */
export interface PackInfo {
  name: string;
  version: string;
  /** How each policy runs unless it is told otherwise. */
  policies: Map<string, Required<PolicySettings>>;
}

/** As pulumirpc.EnforcementLevel numbers them; 3 is `remediate`, a violation of which the CLI takes as mandatory. */
const levels: EnforcementLevel[] = ["advisory", "mandatory", "disabled", "mandatory"];

/** The connection to a pack's process: Pulumi's Analyzer service. */
export class AnalyzerClient {
  readonly #client: services.AnalyzerClient;
  readonly #process: PluginProcess;

  constructor(process: PluginProcess) {
    this.#process = process;
    this.#client = new services.AnalyzerClient(process.address, grpc.credentials.createInsecure(), channelOptions);
  }

  async info(): Promise<PackInfo> {
    const info = await this.#call(this.#client.getAnalyzerInfo, new empty.Empty());
    const initial = info.getInitialconfigMap();
    const own = info.getPoliciesList().map((policy): [string, Required<PolicySettings>] => {
      const name = policy.getName();
      const given = initial.get(name);
      const level = levels[(given ?? policy).getEnforcementlevel()] ?? "advisory";
      const properties = { ...defaultsOf(policy.getConfigschema()), ...fromStruct(given?.getProperties()) };
      return [name, { level, properties }];
    });
    return { name: info.getName(), version: info.getVersion(), policies: new Map(own) };
  }

  /** Tells which stack it is. Packs that do not want to know answer UNIMPLEMENTED. */
  async configureStack(stack: { project: string; name: string; preview: boolean }): Promise<void> {
    const request = new messages.AnalyzerStackConfigureRequest();
    request.setStack(stack.name);
    request.setProject(stack.project);
    request.setOrganization("organization");
    request.setDryRun(stack.preview);
    await this.#call(this.#client.configureStack, request).catch((error: ProviderError) => {
      if (error.code !== grpc.status.UNIMPLEMENTED) throw error;
    });
  }

  async configure(policies: Map<string, Required<PolicySettings>>): Promise<void> {
    const request = new messages.ConfigureAnalyzerRequest();
    for (const [name, { level, properties }] of policies) {
      const config = new messages.PolicyConfig();
      config.setEnforcementlevel(levels.indexOf(level) as 0 | 1 | 2);
      config.setProperties(toStruct(properties));
      request.getPolicyconfigMap().set(name, config);
    }
    await this.#call(this.#client.configure, request);
  }

  async analyze(resource: AnalyzedResource): Promise<PolicyViolation[]> {
    const response = await this.#call(this.#client.analyze, analyzeRequest(resource));
    return violations(response, resource.state.urn);
  }

  /** @param stackUrn what a violation is about that names no resource. */
  async analyzeStack(resources: AnalyzedResource[], stackUrn: string): Promise<PolicyViolation[]> {
    const request = new messages.AnalyzeStackRequest();
    request.setResourcesList(resources.map(analyzerResource));
    return violations(await this.#call(this.#client.analyzeStack, request), stackUrn);
  }

  close(): void {
    this.#client.close();
    this.#process.kill();
  }

  async #call<Request, Response>(method: UnaryMethod<Request, Response>, request: Request): Promise<Response> {
    const { name } = this.#process;
    const answer = await callPlugin(this.#client, method, request, patience, async (error) => {
      const problem = await callProblem(error, this.#process, name, patience);
      return new ProviderError(problem ?? `${name}: ${error.details}`, error.code); // never a violation
    });
    return answer.response;
  }
}

/** What a policy's schema says of properties that nobody sets. */
function defaultsOf(schema: messages.PolicyConfigSchema | undefined): PropertyMap {
  const properties = Object.entries(fromStruct(schema?.getProperties()));
  return Object.fromEntries(
    properties.flatMap(([name, property]) =>
      isObject(property) && property.default !== undefined ? [[name, property.default]] : [],
    ),
  );
}

function violations(response: messages.AnalyzeResponse, urn: string): PolicyViolation[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: levels[diagnostic.getEnforcementlevel()] === "advisory" ? "advisory" : "mandatory",
    urn: diagnostic.getUrn() || urn,
    message: diagnostic.getMessage(),
  }));
}
