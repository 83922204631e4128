import { KitProvider } from "../../components/kit-provider.ts";
import { deploy } from "../../stacks/deploy.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { testSettings } from "../support/test-settings.ts";
import type { RecordedResource } from "./record-graph.ts";
import { recordGraph, revealed } from "./record-graph.ts";

export async function deployed(values: Record<string, unknown> = {}): Promise<StackOutputs> {
  const given = { hosts: ["127.0.0.1"], service: {}, trust: "none", ...values };
  return deploy(testSettings(given, { stack: "swarm" }), new KitProvider("registry-kit"));
}

export function graphOf(values: Record<string, unknown> = {}): Promise<RecordedResource[]> {
  return recordGraph(() => deployed(values));
}

export function find(graph: RecordedResource[], type: string, name?: string): RecordedResource {
  const found = graph.find((resource) => resource.type.endsWith(type) && (!name || resource.name === name));
  if (!found) throw new Error(`no ${type} ${name ?? ""} among ${graph.map((resource) => resource.name)}`);
  return found;
}

export interface ServiceInputs {
  name: string;
  mode: object;
  taskSpec: {
    containerSpec: Record<string, unknown>;
    placement: { constraints?: string[] };
    networksAdvanceds?: object[];
  };
  updateConfig: object;
  [key: string]: unknown;
}

export function serviceOf(graph: RecordedResource[]): ServiceInputs {
  return revealed(find(graph, ":Service").inputs) as ServiceInputs;
}
