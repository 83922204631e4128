import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { Refusal } from "../../../lib/validation/refusal.ts";

it("A refusal keeps its text on its way through Pulumi's SDK, which writes before it", async () => {
  const refusal = new Refusal("Make it smaller.");
  const way = pulumi.runtime.serializeProperties("service", { data: Promise.reject(refusal) });
  await expect(way).rejects.toBe(refusal);
  expect(refusal.message).toBe("Make it smaller.");
  expect(pulumi.RunError.isInstance(refusal)).toBe(true);
});
