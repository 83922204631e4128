/** What the daemon answered, without the HTTP dressing that dockerode puts around it. */
export function daemonMessage(error: unknown): string {
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
