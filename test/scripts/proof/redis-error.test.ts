import { expect, it } from "vitest";
import { redisError } from "../../../scripts/proof/redis-error.ts";

const since = new Date("2026-11-30T21:48:00Z");
const text = (time: string) =>
  `time="${time}" level=error msg="error from cache stat(ing) blob" blob="sha256:2c" error="dial tcp 127.0.0.1:6399: connect: connection refused" version=3.1.2`;

it("finds in a line of the registry's log why its Redis fails, if it is of this proof", () => {
  const reason = "dial tcp 127.0.0.1:6399: connect: connection refused";
  expect(redisError(text("2026-11-30T21:48:10.960862457Z"), since)).toBe(reason);
  expect(redisError(text("2026-11-30T20:48:10.960862457Z"), since)).toBeUndefined();
  const json = { error: reason, level: "error", msg: "error from cache setting desc", time: "2026-11-30T21:48:10.9Z" };
  expect(redisError(JSON.stringify(json), since)).toBe(reason);
  expect(
    redisError('time="2026-11-30T21:48:10Z" level=info msg="using redis blob descriptor cache"', since),
  ).toBeUndefined();
});
