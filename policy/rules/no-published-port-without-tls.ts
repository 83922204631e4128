import { registriesOf } from "../resources/registries.ts";
import type { StackRule } from "../resources/rule.ts";
import type { Value } from "../resources/value.ts";

/** CIS Docker Benchmark 2.5 (2.4 in older editions), seen from the registry's side. Loopback never leaves the host. */
export const noPublishedPortWithoutTls: StackRule = {
  name: "no-published-port-without-tls",
  description:
    "A registry without TLS must not be reachable from other machines: images could be read and changed on the way.",
  level: "mandatory",
  checkStack: (resources) =>
    registriesOf(resources).flatMap(({ workload, settings }) => {
      const open = workload.ports.find(({ address }) => !isLoopback(address));
      if (settings.tls !== false || !open) return [];
      const port = typeof open.port === "number" ? `Port ${open.port}` : "A port";
      return [
        {
          urn: workload.urn,
          message: `${port} is published on ${String(open.address)} and there is no TLS. Give the registry a certificate, or publish on 127.0.0.1.`,
        },
      ];
    }),
};

function isLoopback(address: Value): boolean {
  return typeof address !== "string" || /^127\.|^::1$/.test(address);
}
