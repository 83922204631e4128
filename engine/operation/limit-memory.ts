import v8 from "node:v8";

/**
 * Keeps V8's heap near what is in use. By itself its young generation grows to 32 MiB and more under the many short-lived messages
 * of a big stack, and the old one to a multiple of what it holds before it is cleaned up: 5,000 resources took 280 MiB of memory
 * instead of 170.
 */
export function limitMemory(): void {
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  v8.setFlagsFromString("--heap-growing-percent=25");
}
