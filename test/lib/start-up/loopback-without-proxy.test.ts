import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { runEnvironment } from "../../../engine/program/run-environment.ts";
import { loopbackWithoutProxy } from "../../../lib/start-up/loopback-without-proxy.cjs";
import { projectRoot } from "../../../scripts/project/project-root.ts";
import { startCommand } from "../../engine/support/command-line.ts";
import { TestProject } from "../../engine/support/test-project.ts";

const proxy = "http://127.0.0.1:9"; // nobody listens there
const loopback = "127.0.0.1,localhost,::1";

describe("connections to loopback", { timeout: 120_000 }, () => {
  it.each<[string, NodeJS.ProcessEnv, Record<string, string>]>([
    ["no proxy", { no_proxy: "a" }, {}],
    ["an empty proxy", { http_proxy: "" }, {}],
    ["http_proxy", { http_proxy: proxy }, { no_proxy: loopback, NO_PROXY: loopback, no_grpc_proxy: loopback }],
    ["HTTPS_PROXY", { HTTPS_PROXY: proxy }, { no_proxy: loopback, NO_PROXY: loopback, no_grpc_proxy: loopback }],
    ["grpc_proxy", { grpc_proxy: proxy }, { no_proxy: loopback, NO_PROXY: loopback, no_grpc_proxy: loopback }],
    [
      "exceptions of the user's own",
      { https_proxy: proxy, NO_PROXY: ".corp,localhost", no_grpc_proxy: "grpc.corp" },
      {
        no_proxy: ".corp,localhost,127.0.0.1,::1",
        NO_PROXY: ".corp,localhost,127.0.0.1,::1",
        no_grpc_proxy: `grpc.corp,${loopback}`,
      },
    ],
  ])("go past a proxy: %s", (_name, environment, variables) => {
    expect(loopbackWithoutProxy(environment)).toEqual(variables);
  });

  it("of programs and plugins of the built-in engine do, too", () => {
    expect(runEnvironment({ http_proxy: proxy, no_proxy: ".corp" })).toMatchObject({
      no_proxy: ".corp",
      no_grpc_proxy: ".corp,127.0.0.1,localhost",
    });
  });

  it("of the program under the Pulumi CLI do, too", () => {
    const options = {
      cwd: `${projectRoot}/stacks`,
      env: { ...process.env, http_proxy: proxy },
      encoding: "utf8",
    } as const;
    const show = "process.stdout.write(process.env.no_grpc_proxy)";
    expect(execFileSync(process.execPath, ["--require", "./before-sdk.cjs", "-e", show], options)).toContain(
      "127.0.0.1",
    );
  });

  it.each([["http_proxy"], ["https_proxy"], ["grpc_proxy"], ["HTTP_PROXY"]])(
    "of a run of the built-in engine do, with %s",
    async (name) => {
      using project = new TestProject(`new Thing("a", { value: 1 })`);
      const { code, output } = await startCommand(project, ["preview"], { [name]: proxy }).ended;
      expect(code, output).toBe(0);
    },
  );

  it("to a Docker host or a registry do where Node is told to use proxies", async () => {
    const server = createServer((_, response) => response.end("here")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const ask = `import("node:http").then(({ get }) => get("http://127.0.0.1:${port}", (answer) => answer.pipe(process.stdout)))`;
    const env = { ...process.env, NODE_USE_ENV_PROXY: "1", http_proxy: proxy };
    const said = async (environment: NodeJS.ProcessEnv) => {
      const child = spawn(process.execPath, ["-e", ask], { env: environment, stdio: ["ignore", "pipe", "ignore"] });
      return (await child.stdout.toArray()).join("");
    };
    expect(await said(env), "a proxy that is used").toBe("");
    expect(await said({ ...env, ...loopbackWithoutProxy(env) })).toBe("here");
    server.close();
  });
});
