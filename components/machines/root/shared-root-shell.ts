import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { Shell } from "../shell/shell.ts";
import { rootShellVariable } from "./kept-root-shell.ts";

const question = z.object({ script: z.string(), seconds: z.number().optional() });
const answer = z.object({ exitCode: z.number(), stdout: z.base64(), stderr: z.string() });
const user = z.object({ uid: z.number(), gid: z.number(), home: z.string() });

/**
 * Lets the processes that this one starts use its shell, for as long as this one lives or until the end of the block: a provider has no
 * terminal on which sudo could ask. Only this user, and root, can reach the socket.
 */
export async function shareRootShell(shell: Shell): Promise<AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "registry-kit-root-"));
  const path = join(folder, "socket");
  const server = createServer(async (incoming, response) => {
    try {
      if (incoming.method === "GET") {
        response.end(JSON.stringify(shell.user));
        return;
      }
      const { script, seconds } = question.parse(JSON.parse(await text(incoming)));
      const { stdout, ...rest } = await shell.run(script, seconds);
      response.end(JSON.stringify({ ...rest, stdout: stdout.toString("base64") }));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(path, resolve);
  });
  server.unref();
  process.env[rootShellVariable] = path;
  return {
    async [Symbol.asyncDispose]() {
      delete process.env[rootShellVariable];
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The shell that another process shares. @throws where it does not answer */
export async function askRootShell(path: string): Promise<Shell> {
  return {
    name: "sudo",
    user: user.parse(await ask(path)),
    async run(script, seconds) {
      const { stdout, ...rest } = answer.parse(await ask(path, { script, seconds }));
      return { ...rest, stdout: Buffer.from(stdout, "base64") };
    },
  };
}

function ask(socketPath: string, body?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: "/", method: body ? "POST" : "GET" }, async (response) => {
      try {
        const said = await text(response);
        if (response.statusCode !== 200) throw new Error(said);
        resolve(JSON.parse(said));
      } catch (error) {
        reject(error);
      }
    });
    asked.once("error", reject);
    asked.end(body && JSON.stringify(body));
  });
}
