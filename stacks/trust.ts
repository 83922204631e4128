import type * as pulumi from "@pulumi/pulumi";
import { NodeTrust } from "../components/nodes/node-trust.ts";
import type { Certificates } from "./certificates.ts";
import type { Settings } from "./settings.ts";

/** Makes the daemons that the settings name trust the registry. */
export function makeTrust(
  { hosts, port, trust }: Settings,
  { authorityCertificatePem }: Certificates,
  opts: pulumi.CustomResourceOptions,
  name = "registry-trust",
): void {
  if (trust === "none" || trust === "swarm") return;
  const node = trust === "local" ? {} : { adopt: trust.adopt, certsDirectory: trust.certsDirectory };
  const args = { hosts, port, certificatePem: authorityCertificatePem, connection: { type: "local" as const } };
  new NodeTrust(name, { ...args, ...node }, opts);
}
