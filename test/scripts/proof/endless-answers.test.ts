import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getText } from "../../../components/storage/get-text.ts";
import { requestRegistry } from "../../../scripts/proof/request-registry.ts";

describe("An answer without end", () => {
  let server: Server;
  let port: number;
  let closed = 0;
  beforeAll(async () => {
    const chunk = "x".repeat(65_536);
    server = createServer((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more).on("close", () => closed++);
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => server.close());

  it("of a registry is cut, and its connection closed", { timeout: 5_000 }, async () => {
    const endpoint = { host: "127.0.0.1", connectTo: "127.0.0.1", port, authority: undefined };
    const request = { method: "GET", path: "/v2/_catalog" } as const;
    const { status, body } = await requestRegistry(endpoint, request, AbortSignal.timeout(5_000));
    expect(status).toBe(200);
    expect(body.length).toBeLessThan(1_200_000);
    await expect.poll(() => closed).toBe(1);
  });

  it("of a store is an error", { timeout: 5_000 }, async () => {
    const asked = getText(new URL(`http://127.0.0.1:${port}/`), { headers: {}, authority: undefined, timeout: 5_000 });
    await expect(asked).rejects.toThrow("sends more than 1000000 characters");
    await expect.poll(() => closed).toBe(2);
  });
});
