import { registriesOf } from "../resources/registries.ts";
import type { StackRule } from "../resources/rule.ts";

/** Basic authentication sends the password with every request; a registry that publishes no port leaves TLS to a proxy. */
export const noAuthWithoutTls: StackRule = {
  name: "no-auth-without-tls",
  description: "A registry with users must have TLS: passwords would cross the network in plain text.",
  level: "mandatory",
  checkStack: (resources) =>
    registriesOf(resources)
      .filter(({ workload, settings }) => settings.auth && settings.tls === false && workload.ports.length > 0)
      .map(({ workload }) => ({
        urn: workload.urn,
        message:
          "It has users and no TLS. Give it a certificate (http.tls in config.yml; in the kit: leave out tls: none).",
      })),
};
