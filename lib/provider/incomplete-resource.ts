/**
 * Thrown by a definition's create or update: part of the work is done. What is there is recorded as the
 * resource's outputs, and the next run calls update with them.
 */
export class IncompleteResource<Outputs extends object> extends Error {
  override name = "IncompleteResource";
  readonly id: string;
  readonly outputs: Outputs;
  /** @param message what failed and what to do; shown to the user. */
  constructor(message: string, id: string, outputs: Outputs) {
    super(message);
    this.id = id;
    this.outputs = outputs;
  }
}
