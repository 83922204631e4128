import { createRequire } from "node:module";
import { setImmediate as turn } from "node:timers/promises";
// Not the whole SDK: the runner has loaded these parts already, the rest takes a while.
import config from "@pulumi/pulumi/runtime/config.js";
import invocation from "@pulumi/pulumi/runtime/invoke.js";
import runtime from "@pulumi/pulumi/runtime/settings.js";
import stack from "@pulumi/pulumi/runtime/stack.js";
import { KitProvider } from "../../components/kit-provider.ts";

/** Turns of the event loop in which requests leave this process; a few would do. */
const turns = 20;

/**
 * Has the engine start the processes of the providers, which then load their modules while this process loads those of the
 * program. Resolves as soon as the requests are on their way, which loading would hold up.
 */
export async function startProviders(): Promise<KitProvider> {
  const provider = new KitProvider("registry-kit");
  // It is sent when the engine has answered to the stack's own registration.
  await new Promise((resolve) => stack.getStackResource()?.urn.apply(resolve));
  for (let i = 0; i < turns; i++) await turn();
  // Not earlier: the CLI starts one after the other, and this one is quicker.
  startDockerProvider();
  for (let i = 0; i < turns; i++) await turn();
  return provider;
}

/**
 * An engine starts a provider at its first use, and makes the default one known to the state then: the one that the registry's
 * resources use, too, unless the settings name a Docker engine. The answer does not matter.
 */
function startDockerProvider(): void {
  if (config.getConfig(`${runtime.getProject()}:docker`) !== undefined) return;
  const { version } = createRequire(import.meta.url)("@pulumi/docker/package.json") as { version: string };
  invocation.invoke("docker:index/getNetwork:getNetwork", { name: "bridge" }, { version }).catch(() => {});
}
