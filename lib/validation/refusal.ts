import * as pulumi from "@pulumi/pulumi";

/**
 * What ends a program with a text for the user, without a stack. The text stays as it is: Pulumi's SDK writes `error serializing
 * property "outputs":` before the message of every error that a resource meets on its way (`serializeFilteredProperties` in runtime/rpc.js).
 */
export class Refusal extends pulumi.RunError {
  constructor(text: string) {
    super(text);
    Object.defineProperty(this, "message", { get: () => text, set: () => {} });
  }
}
