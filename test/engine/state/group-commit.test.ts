import { describe, expect, it } from "vitest";
import { GroupCommit } from "../../../engine/state/group-commit.ts";

describe("a group commit", () => {
  it("saves for all who ask while a save runs with one other save", async () => {
    let saves = 0;
    const commit = new GroupCommit(async () => {
      saves++;
      await new Promise((resolve) => setImmediate(resolve));
    });
    const first = commit.commit();
    while (saves === 0) await new Promise((resolve) => setImmediate(resolve));
    const rest = Array.from({ length: 100 }, () => commit.commit());
    await Promise.all([first, ...rest]);
    expect(saves).toBe(2);
  });

  it("resolves only after a save that began after the call", async () => {
    let value = 0;
    let saved = 0;
    const commit = new GroupCommit(async () => {
      const seen = value;
      await new Promise((resolve) => setImmediate(resolve));
      saved = seen;
    });
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        for (let turn = 0; turn < i; turn++) await new Promise((resolve) => setImmediate(resolve));
        const mine = ++value;
        await commit.commit();
        expect(saved).toBeGreaterThanOrEqual(mine);
      }),
    );
  });

  it("tells of a failed save those who waited for it, and tries again for the next", async () => {
    let fail = true;
    const commit = new GroupCommit(async () => {
      if (fail) throw new Error("disk full");
    });
    await expect(commit.commit()).rejects.toThrow("disk full");
    fail = false;
    await expect(commit.commit()).resolves.toBeUndefined();
  });
});
