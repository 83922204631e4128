import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireLock } from "../../../engine/state/state-lock.ts";
import { poll } from "../../support/poll.ts";

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lock-test-"));
  folder = join(root, "locks", "organization", "shop", "dev");
});
afterEach(() => rmSync(root, { recursive: true }));

const foreign = (fields: object) => {
  mkdirSync(folder, { recursive: true });
  const holder = { pid: 1, username: "ann", hostname: "elsewhere", timestamp: "2026-01-02T03:04:05Z", ...fields };
  writeFileSync(join(folder, "other.json"), JSON.stringify(holder));
};

describe("the lock of a stack", () => {
  it("is one file while it is held, and nothing afterwards", async () => {
    const lock = await acquireLock(folder, () => {});
    expect(readdirSync(folder)).toHaveLength(1);
    await lock.release();
    expect(readdirSync(join(root, "locks", "organization"))).toEqual([]);
  });

  it("is refused while another host holds it, and the message says who", async () => {
    foreign({});
    await expect(acquireLock(folder, () => {})).rejects.toThrow(/held by ann@elsewhere \(pid 1\) since 2026-01-02/);
    expect(readdirSync(folder), "its own file is gone").toEqual(["other.json"]);
  });

  it("is refused while a process of this host holds it", async () => {
    foreign({ hostname: hostname(), pid: process.pid });
    await expect(acquireLock(folder, () => {})).rejects.toThrow(`pid ${process.pid}`);
  });

  it("is taken over from a process of this host that is gone, with a warning", async () => {
    foreign({ hostname: hostname(), pid: 4_194_305 }); // above the largest pid that Linux has
    const warnings: string[] = [];
    const lock = await acquireLock(folder, (message) => warnings.push(message));
    expect(warnings.join()).toContain("Took over the lock of process 4194305");
    expect(readdirSync(folder)).not.toContain("other.json");
    await lock.release();
  });

  it.skipIf(process.platform !== "linux")(
    "is taken over from a process that has ended although its parent has not looked yet (needs Linux)",
    async () => {
      const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] });
      try {
        const pid = Number(String(await once(parent.stdout, "data")));
        const state = () => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ") || undefined;
        await poll("the child has ended", async () => state(), { deadline: 10_000 });
        foreign({ hostname: hostname(), pid });
        await (await acquireLock(folder, () => {})).release();
        expect(existsSync(join(folder, "other.json"))).toBe(false);
      } finally {
        parent.kill();
      }
    },
  );

  it("is refused where the file cannot be understood", async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "other.json"), "{");
    await expect(acquireLock(folder, () => {})).rejects.toThrow("by whom cannot be read");
  });

  it("is never given to two of those who ask at the same time; the others hear who has it, and it is free afterwards", async () => {
    for (let round = 0; round < 20; round++) {
      const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => acquireLock(folder, () => {})));
      const won = attempts.filter((attempt) => attempt.status === "fulfilled");
      const lost = attempts.filter((attempt) => attempt.status === "rejected");
      expect(won.length).toBeLessThanOrEqual(1);
      expect(lost.length).toBeGreaterThanOrEqual(4);
      for (const { reason } of lost) expect(String(reason)).toContain(`(pid ${process.pid})`);
      for (const { value } of won) await value.release();
      await (await acquireLock(folder, () => {})).release();
      expect(readdirSync(join(root, "locks", "organization"))).toEqual([]);
    }
  });
});
