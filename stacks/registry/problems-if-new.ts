import * as pulumi from "@pulumi/pulumi";
import type { KitProvider } from "../../components/kit-provider.ts";
import { defaultsOf } from "../../components/registry/defaults-of.ts";
import { HttpSecret } from "../../components/registry/http-secret.ts";
import type { RegistryDefaults } from "../../components/registry/registry-defaults.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "../settings/settings.ts";
import { newRegistryProblems } from "./new-registry-problems.ts";

/**
 * What beside other problems is wrong, if the registry is a new one. That stands in the state, which a program can ask for
 * a resource at a time: it has to register the registry's first two, and must not deploy after it.
 * @param settings what is known of them
 */
export async function problemsIfNew(settings: Settings, provider: KitProvider): Promise<Problem[]> {
  const problems = newRegistryProblems(settings);
  // In an update this would make the resources. The preview before it has said all.
  if (problems.length === 0 || !pulumi.runtime.isDryRun()) return [];
  return (await firstDefaults(settings, provider)) === 1 ? [] : problems;
}

async function firstDefaults({ service }: Settings, provider: KitProvider): Promise<RegistryDefaults> {
  const type = `registry-kit:index:${service ? "RegistryService" : "RegistryContainer"}`;
  const parent = new pulumi.ComponentResource(type, "registry", {}, { providers: [provider] });
  return await defaultsOf(new HttpSecret("registry-http-secret", {}, { parent }));
}
