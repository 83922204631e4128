/** Whether a message ends by saying so itself: once is enough. */
export function saysNothingChanged(message: string): boolean {
  return /\bnothing was changed\b/i.test(message);
}
