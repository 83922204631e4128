/** What the daemon answered, without what dockerode and a swarm's managers put around it. */
export function daemonMessage(error: unknown): string {
  const message = plainMessage(error);
  const [, code = "", words = ""] = /^rpc error: code = (\w+) desc = (.*)$/s.exec(message) ?? [];
  // A manager says so until it notices that there is no leader.
  if (code === "DeadlineExceeded")
    return `the managers of the swarm do not answer in time (${words}): are more than half of them online?`;
  return words || message;
}

function plainMessage(error: unknown): string {
  if (isRecord(error) && isRecord(error.json) && typeof error.json.message === "string") return error.json.message;
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) .*? - /, "").trim();
}

/** The HTTP status that the daemon answered with; undefined where it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return isRecord(error) && typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** The answer, or undefined where the daemon knows no such object; any other failure is thrown. */
export async function orMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Runs a request; a failure says what was tried: `cannot create the volume "data": <the daemon's words>`. */
export async function attempt<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw new Error(`Cannot ${what}: ${daemonMessage(error)}`, { cause: error });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
