/** The oldest Node that runs TypeScript as it is, without a warning. */
export const minimumNode: string;
/** Whether this Node version (`v22.18.0`, `22.18.0`) can run the kit. */
export function isNodeNewEnough(version: string): boolean;
/** Ends the process with one line when this Node is too old. */
export function requireNode(): void;
