import * as pulumi from "@pulumi/pulumi";
import { Refusal } from "../../lib/validation/refusal.ts";

/** A swarm takes secrets and configs below this size (swarmkit: MaxSecretSize; MaxConfigSize before Docker 23). */
export const swarmFileLimit = 500 * 1024;

/** The content of a file, as soon as it is known to fit into a swarm secret or config. @throws where it does not */
export function swarmFileContent(file: string, content: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(content).apply((text) => {
    const size = Buffer.byteLength(text);
    if (size < swarmFileLimit) return text;
    throw new Refusal(
      `${file} has ${size} bytes; a swarm keeps secrets and configs of less than ${swarmFileLimit} bytes. Make it smaller.`,
    );
  });
}
