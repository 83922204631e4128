import type * as pulumi from "@pulumi/pulumi";
import { KitProvider } from "../../components/kit-provider.ts";
import { deploy } from "../../stacks/deploy.ts";
import { testSettings } from "../support/test-settings.ts";
import type { RecordedResource } from "./record-graph.ts";

export function settings(values: Record<string, string> = {}) {
  return testSettings({ hosts: ["127.0.0.1", "localhost"], ...values });
}

export function deployed(of: ReturnType<typeof settings>) {
  return deploy(of, new KitProvider("registry-kit"));
}

export function find(graph: RecordedResource[], name: string): RecordedResource {
  const found = graph.find((resource) => resource.name === name);
  if (!found) throw new Error(`no resource ${name} among ${graph.map((resource) => resource.name)}`);
  return found;
}

export function known<Value>(output: pulumi.Output<Value> | undefined): Promise<unknown> {
  return new Promise((resolve) => output?.apply(resolve));
}
