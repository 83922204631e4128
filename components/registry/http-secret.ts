import * as pulumi from "@pulumi/pulumi";

export interface HttpSecretArgs {
  /** Raise it to make a new secret. Default: 1. Uploads that are under way at that moment start again. */
  generation?: number;
}

/**
 * The `http.secret` with which a registry signs the state of uploads: 256 random bits, made once and kept.
 * All replicas of one registry need the same one (docs of distribution, "deploying": load-balancing).
 */
export class HttpSecret extends pulumi.CustomResource {
  /** 64 hexadecimal digits; secret. */
  declare readonly value: pulumi.Output<string>;
  /** Which defaults the registry has that it was made for: `defaultsOf` reads it. Missing where a release up to 0.1 made it. */
  declare readonly defaults: pulumi.Output<number | undefined>;

  constructor(name: string, args: HttpSecretArgs = {}, opts?: pulumi.CustomResourceOptions) {
    const options = pulumi.mergeOptions({ additionalSecretOutputs: ["value"] }, opts);
    super("registry-kit:registry:HttpSecret", name, { ...args, value: undefined, defaults: undefined }, options);
  }
}
