/** What the manager of a new swarm listens on: a swarm that no other node can join keeps to the loopback address. */
export function listenAddress(advertiseAddress = "127.0.0.1"): string {
  return advertiseAddress === "127.0.0.1" ? advertiseAddress : "0.0.0.0";
}
