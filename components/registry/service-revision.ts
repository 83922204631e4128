import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** A text that is another one whenever the service is asked to be another: what its new tasks are waited for by. */
export function serviceRevision(args: docker.ServiceArgs): pulumi.Output<string> {
  return pulumi.output(args).apply((given) => createHash("sha256").update(JSON.stringify(given)).digest("hex"));
}
