import { describe, expect, it } from "vitest";
import type { DockerTask } from "../../../engine/docker/service/docker-service.ts";
import { FailureWatch } from "../../../engine/docker/service/failure-watch.ts";

let count = 0;
function task(State: string, Err?: string): DockerTask {
  return {
    ID: `task-${++count}`,
    ServiceID: "service",
    CreatedAt: "2026-11-21T12:00:00Z",
    DesiredState: "running",
    Spec: {},
    Status: { State, ...(Err ? { Err } : {}) },
  };
}

describe("What waiting for a service does not fix", () => {
  it("is the third task that was rejected for the same reason", () => {
    const watch = new FailureWatch();
    const rejected = [task("rejected", "No such image: a:1"), task("rejected", "No such image: a:1")];
    expect(watch.look([])).toBeUndefined();
    expect(watch.look(rejected)).toBeUndefined();
    expect(watch.look([...rejected, task("rejected", "No such image: a:1")])).toMatch(/again and again/);
  });

  it("is not a task that ends now and then while others come up", () => {
    const watch = new FailureWatch();
    watch.look([]);
    const failed = Array.from({ length: 5 }, () => task("failed", "task: non-zero exit (1)"));
    expect(watch.look([...failed, task("running")])).toBeUndefined();
  });

  it("is not what had failed before the watch began", () => {
    const watch = new FailureWatch();
    const earlier = Array.from({ length: 9 }, () => task("rejected", "No such image: a:1"));
    expect(watch.look(earlier)).toBeUndefined();
    expect(watch.look([...earlier, task("running")])).toBeUndefined();
  });

  it("is a task without a place for longer than a node takes to report a plugin, or a port to become free", () => {
    const watch = new FailureWatch();
    const pending = task("pending", "no suitable node (missing plugin on 1 node)");
    expect(watch.look([pending], 0)).toBeUndefined();
    expect(watch.look([pending], 40_000)).toBeUndefined();
    expect(watch.look([pending], 46_000)).toMatch(/no place/);
  });

  it("is not a task that finds a place in between", () => {
    const watch = new FailureWatch();
    const pending = task("pending", "no suitable node (host-mode port already in use on 1 node)");
    watch.look([pending], 0);
    watch.look([task("running")], 30_000);
    expect(watch.look([pending], 60_000)).toBeUndefined();
  });
});
