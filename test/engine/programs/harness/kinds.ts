import * as pulumi from "@pulumi/pulumi";

/** A resource of the test provider: another `name` replaces it, anything else updates it. */
class R extends pulumi.CustomResource {
  declare readonly object: pulumi.Output<string>;
  declare readonly version: pulumi.Output<number>;
  declare readonly name: pulumi.Output<string>;

  /** @param kind how the provider answers a diff: see {@link testProvider}. */
  constructor(name: string, inputs: pulumi.Inputs = {}, options: pulumi.CustomResourceOptions = {}, kind = "R") {
    super(`test:index:${kind}`, name, { ...outputsOnly, ...inputs }, options);
  }

  /** An object that something else manages. */
  static of(name: string, id: pulumi.Input<pulumi.ID>, options: pulumi.CustomResourceOptions = {}): R {
    return new R(name, {}, { ...options, id });
  }
}

const outputsOnly = { object: undefined, version: undefined, name: undefined };

/** A component. */
class G extends pulumi.ComponentResource {
  constructor(
    name: string,
    inputs: pulumi.Inputs = {},
    options: pulumi.ComponentResourceOptions = {},
    type = "test:index:G",
  ) {
    super(type, name, inputs, options);
  }
}

/** A provider of the test package; another `region` replaces it and all that it manages. */
class P extends pulumi.ProviderResource {
  constructor(name: string, inputs: pulumi.Inputs = {}, options: pulumi.ResourceOptions = {}) {
    super("test", name, inputs, options);
  }
}

/** What programs are written with. */
export const kinds = { pulumi, R, G, P };

export type Kinds = typeof kinds;
