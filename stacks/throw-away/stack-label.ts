/** The label that tells this stack's container or service from that of another one. */
export const stackLabel = "io.registry-kit.stack";
