/** The way to a node broke, so nobody knows whether the last thing that was asked of it was done. */
export class ConnectionLost extends Error {
  override name = "ConnectionLost";
}
