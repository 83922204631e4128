import * as pulumi from "@pulumi/pulumi";

/** An image by its name with a version, or with the digest that it must have in its registry beside it. */
export type Image = pulumi.Input<string> | { name: pulumi.Input<string>; digest?: pulumi.Input<string> | undefined };

/** The image of a registry where a program names none. */
export const defaultImage = "registry:3.1.2";

/** As Docker takes it: `registry:3.1.2`, `registry:3.1.2@sha256:...`. */
export function imageReference(image: Image): pulumi.Input<string> {
  if (typeof image === "string" || pulumi.Output.isInstance(image) || image instanceof Promise) return image;
  const { name, digest } = image;
  if (digest === undefined) return name;
  return pulumi.all([name, digest]).apply(([known, its]) => (its ? `${known}@${its}` : known));
}
