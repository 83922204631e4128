/** What a line looks like that says why a program ended: the registry's log in both formats, Go's runtime, the image's shell. */
const reasons = [
  /\blevel"?[=:] ?"?(fatal|panic)\b/,
  /^panic: /,
  /^(fatal error|configuration error|error parsing|runtime: )/i,
  /^(exec |sh: |\/\S+: )/,
];

/**
 * Why a registry ended, from its log: the message of the last fatal line, or the first line of a Go panic; where there is
 * none, the last line of all. At most 500 characters; undefined: the log is empty.
 */
export function fatalLine(log: string): string | undefined {
  const lines = log
    .split("\n")
    .map((line) => line.replaceAll(/\p{Cc}\[[0-9;]*m|\p{Cc}|\uFFFD/gu, ""))
    // The frames of a panic's stack.
    .filter(
      (line) => line.trim() !== "" && !/^(goroutine \d+ \[|created by |\s*\/\S+\.go:\d+|[\w./@-]+\(.*\)$)/.test(line),
    );
  const found = lines.findLast((line) => reasons.some((reason) => reason.test(line.trim()))) ?? lines.at(-1);
  return found === undefined ? undefined : messageOf(found.trim()).slice(0, 500);
}

/** The message of a line of the registry's log; any other line as it is. */
function messageOf(line: string): string {
  const [, quoted] =
    /\bmsg=("(?:[^"\\]|\\.)*")/.exec(line) ?? /"(?:msg|message|@message)":("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
  if (!quoted) return line;
  try {
    return (JSON.parse(quoted) as string).replaceAll(/\s+/g, " ").trim();
  } catch {
    return quoted.slice(1, -1);
  }
}
