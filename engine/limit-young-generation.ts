import v8 from "node:v8";

/**
 * Keeps V8's young generation as small as it is at the start. By itself it grows to 32 MiB and more under the many short-lived
 * messages of a big stack, which is never given back: 1,000 resources took 340 MB of memory instead of 230, and no less time.
 */
export function limitYoungGeneration(): void {
  v8.setFlagsFromString("--semi-space-growth-factor=1");
}
