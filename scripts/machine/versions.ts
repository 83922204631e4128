/**
 * Orders versions by their numbers: negative where `a` is older than `b`, 0 where they are the same release.
 * Leading letters (`v3.1.2`, `go1.26.8`) and what follows the numbers (`-rc.1`, `+dfsg1`) do not count.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}
