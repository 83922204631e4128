/** Something that the user can put right; shown as it is, without a stack trace. */
export class UserError extends Error {
  override name = "UserError";
}
