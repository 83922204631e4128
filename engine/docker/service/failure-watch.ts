import type { DockerTask } from "./docker-service.ts";

/** Milliseconds that a task may wait for a place: a node takes up to 20 s to report a plugin, and an old task must end before its port is free. */
const placementPatience = 45_000;

/** How many tasks may fail for one reason: what could not even be started will not be the next time. */
const allowed: Record<string, number> = { rejected: 2, failed: 5 };

/** Notices what waiting for a service does not fix. */
export class FailureWatch {
  /** When a reason for not placing a task was seen first, of those that still hold. */
  private unplacedSince = new Map<string, number>();
  /** Tasks that had failed before the watch began: they belong to an earlier attempt. */
  private earlier: Set<string> | undefined;

  /** What is wrong with the tasks as they are now; undefined: nothing that may not end well. */
  look(tasks: DockerTask[], now = performance.now()): string | undefined {
    const failed = tasks.filter(({ Status }) => Status.State in allowed);
    this.earlier ??= new Set(failed.map(({ ID }) => ID));
    const counts = new Map<string, number>();
    for (const { ID, Status } of failed) {
      if (this.earlier.has(ID)) continue;
      const reason = `${Status.State}: ${Status.Err}`;
      const count = (counts.get(reason) ?? 0) + 1;
      if (count > (allowed[Status.State] ?? 0)) return "its tasks fail again and again";
      counts.set(reason, count);
    }
    return this.isUnplaced(tasks, now) ? "there is no place for its tasks" : undefined;
  }

  private isUnplaced(tasks: DockerTask[], now: number): boolean {
    const reasons = tasks.flatMap(({ Status }) => (Status.State === "pending" && Status.Err) || []);
    this.unplacedSince = new Map(reasons.map((reason) => [reason, this.unplacedSince.get(reason) ?? now]));
    return [...this.unplacedSince.values()].some((since) => now - since > placementPatience);
  }
}
