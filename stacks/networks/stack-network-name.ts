/** Name of the network that a stack makes for its containers. */
export function stackNetworkName({ name }: { name: string }): string {
  return `${name}-network`;
}
