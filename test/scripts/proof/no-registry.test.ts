import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server } from "node:net";
import { describe, expect, it } from "vitest";
import { makeTestAuthority } from "../../support/test-certificates.ts";
import { named, prove, users } from "./registry-scenario.ts";

describe("proof of what is no registry", () => {
  const target = {
    hosts: ["127.0.0.1"],
    tls: undefined,
    users: [{ name: "moby", password: users.moby }],
    secrets: [],
    docker: {},
  };
  const withTls = async () => {
    const { certificate } = await makeTestAuthority();
    return { authorityCertificatePem: certificate, certificateNotAfter: "2031-01-01T00:00:00Z" };
  };

  it("a port that nobody listens on: waits as long as it may, and skips the rest", async () => {
    const port = await listen(createServer(), async (free) => free);
    const began = performance.now();
    const results = await prove({ ...target, port }, { patience: 1_000 });
    expect(performance.now() - began).toBeGreaterThan(700);
    expect(results["registry answers"]).toContain(`127.0.0.1:${port}: connect ECONNREFUSED`);
    expect(results["registry answers"]).toContain("for 1 s; is the registry running, and on this port?");
    expect(named(results, "FAILED")).toEqual(["registry answers"]);
    expect(results["GET /"]).toBe('skipped: needs "registry answers", which is not proven');
  });

  it("a registry that starts late is waited for", async () => {
    const server = createHttpServer((_, response) => {
      response.writeHead(401, { "Docker-Distribution-Api-Version": "registry/2.0" }).end();
    });
    const port = await listen(createServer(), async (free) => free);
    setTimeout(() => server.listen(port, "127.0.0.1"), 500);
    const results = await prove({ ...target, port, users: [] });
    server.close();
    expect(results["registry answers"]).toBe("ok: HTTP 401, Docker-Distribution-Api-Version: registry/2.0");
  });

  it("another web server: is recognised and gets no password", async () => {
    const authorizations: unknown[] = [];
    const server = createHttpServer((request, response) => {
      authorizations.push(request.headers.authorization);
      response.writeHead(404).end("nothing here");
    });
    const results = await listen(server, (port) => prove({ ...target, port }));
    expect(named(results, "FAILED")).toEqual(["registry answers"]);
    expect(results["registry answers"]).toContain(
      "answers HTTP 404, but not as a registry (no Docker-Distribution-Api-Version header)",
    );
    expect(authorizations).toEqual([undefined]);
  });

  it("another web server with TLS where plain HTTP was expected", async () => {
    const { certificate, key } = await makeTestAuthority();
    const results = await listen(createHttpsServer({ cert: certificate, key }), (port) => prove({ ...target, port }));
    expect(named(results, "FAILED")).toEqual(["registry answers"]);
  });

  it("plain HTTP where TLS was expected", async () => {
    const tls = await withTls();
    const results = await listen(createHttpServer(), (port) => prove({ ...target, port, tls }));
    expect(named(results, "FAILED")).toEqual(["registry answers"]);
    expect(results["registry answers"]).toContain("does not speak TLS");
  });

  it.each([true, false])("a server of another protocol, TLS expected: %s", async (usesTls) => {
    const tls = usesTls ? await withTls() : undefined;
    const server = createServer((socket) => socket.on("error", () => {}).end("SSH-2.0-OpenSSH_9.2\r\n"));
    const results = await listen(server, (port) => prove({ ...target, port, tls }));
    expect(named(results, "FAILED")).toEqual(["registry answers"]);
    expect(results["registry answers"]).toContain(`does not speak ${usesTls ? "TLS" : "HTTP"}`);
  });
});

async function listen<T>(server: Server, use: (port: number) => Promise<T>): Promise<T> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}
