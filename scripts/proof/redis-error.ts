/** What the registry logs when its cache of descriptions fails (registry/storage/cache of distribution 3.1). */
const failure = /error from cache (?:setting desc|stat\(ing\) blob)|error (?:from|clearing|invalidating) .*cache/;

/** The error of Redis in a line of the registry's log, as text, JSON or logstash has it; undefined: it is none, or older than that moment. */
export function redisError(line: string, since: Date): string | undefined {
  if (!failure.test(line)) return undefined;
  const [, time] = /(?:\btime=|"time":|"@timestamp":)"?([\dT:.+Z-]+)"?/.exec(line) ?? [];
  // The clock of the Docker host may be a little behind.
  if (time !== undefined && Date.parse(time) < since.getTime() - 2_000) return undefined;
  const [, text, json] = /\berror="((?:[^"\\]|\\.)*)"|"error":"((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
  return (text ?? json ?? "see its log").replace(/\\(.)/g, "$1");
}
