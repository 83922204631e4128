import { createServer } from "node:http";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openProofStorage } from "../../../scripts/proof/storage/proof-storage.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const configuration = JSON.stringify({ storage: { s3: { region: "eu-central-1", bucket: "images" } } });
const credentials =
  "[default]\naws_access_key_id = AKIA\naws_secret_access_key = a=b+c\naws_session_token = to/ken==\n";

/** A daemon with one container. @param files what it has beside its config.yml; undefined: it answers no exec, as with a runtime that hangs */
async function startDaemon(files: Record<string, string> | undefined) {
  const folder = await temporaryFolder();
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { url = "" } = request;
    const body = Buffer.concat(await request.toArray()).toString();
    if (url.endsWith("/json") && url.includes("/containers/")) {
      response.end(JSON.stringify({ Config: { Cmd: ["serve", "/etc/distribution/config.yml"] } }));
    } else if (files && url.includes("/containers/")) {
      asked.push((JSON.parse(body) as { Cmd: string[] }).Cmd.at(-1) ?? "");
      response.writeHead(201).end(JSON.stringify({ Id: String(asked.length - 1) }));
    } else if (files) {
      const file = asked[Number(url.split("/").at(-2))]?.split("/").at(-1) ?? "";
      const content = { "config.yml": configuration, ...files }[file];
      if (url.endsWith("/json")) response.end(JSON.stringify({ ExitCode: content === undefined ? 1 : 0 }));
      else response.end(frame(content ?? ""));
    }
  });
  const socket = join(folder.path, "docker.sock");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    target: {
      hosts: ["127.0.0.1"],
      port: 5000,
      tls: undefined,
      users: [],
      container: { id: "registry", docker: { url: `unix://${socket}` } },
      docker: {},
      secrets: [],
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** As the Engine API has standard output. */
function frame(text: string): Buffer {
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

it("keys with a session token are read where the registry has them", async () => {
  await using daemon = await startDaemon({ "aws-credentials": credentials });
  expect(await openProofStorage(daemon.target, AbortSignal.timeout(10_000))).toMatchObject({
    kind: "s3",
    access: { accessKey: "AKIA", secretKey: "a=b+c", sessionToken: "to/ken==", bucket: "images" },
  });
});

it("keys that the registry has from its host are not known, and that is said", async () => {
  await using daemon = await startDaemon({});
  expect(await openProofStorage(daemon.target, AbortSignal.timeout(10_000))).toEqual({
    kind: "none",
    why: "the registry's keys of the store are in no file of its container",
  });
});

it("a runtime that answers no exec does not hold up the proof", async () => {
  await using daemon = await startDaemon(undefined);
  expect(await openProofStorage(daemon.target, AbortSignal.timeout(300))).toEqual({
    kind: "none",
    why: "the proof was stopped",
  });
});
