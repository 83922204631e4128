/** The `name` in Pulumi.yaml. */
export const projectName = "registry-kit";
