import { setImmediate as turn } from "node:timers/promises";
// Not the whole SDK: the runner has loaded this part already, the rest takes a while.
import stack from "@pulumi/pulumi/runtime/stack.js";
import { KitProvider } from "../components/kit-provider.ts";

/** Turns of the event loop in which the registration leaves this process; a few would do. */
const turns = 20;

/**
 * Registers the kit's provider, upon which the engine starts its process. Done first, that process loads its modules while
 * this one loads those of the program. Resolves as soon as the registration is on its way, which loading would hold up.
 */
export async function startKitProvider(): Promise<KitProvider> {
  const provider = new KitProvider("registry-kit");
  // It is sent when the engine has answered to the stack's own.
  await new Promise((resolve) => stack.getStackResource()?.urn.apply(resolve));
  for (let i = 0; i < turns; i++) await turn();
  return provider;
}
