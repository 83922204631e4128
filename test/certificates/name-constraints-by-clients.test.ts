import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { type AddressInfo, isIPv6 } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issueAuthority } from "../../components/certificates/issue-authority.ts";
import { issueServerCertificate } from "../../components/certificates/issue-server-certificate.ts";
import { hasGo } from "../support/go-program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { constraintCases } from "./constraint-cases.ts";
import { goJudge } from "./go-judge.ts";

interface Served {
  /** The name that a client asks for. */
  name: string;
  port: number;
  authorityFile: string;
  chainPem: string;
  privateKeyPem: string;
  authorityCertificatePem: string;
}

const has = async (program: string) => !(await execa(program, ["--version"], { reject: false })).failed;
const [go, curl, python] = [await hasGo(), await has("curl"), await has("python3")];
const timeout = 60_000;

describe("Name constraints of the kit's authority", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let served: Served[];
  const servers: ReturnType<typeof createServer>[] = [];
  const expected = constraintCases.map(([permitted, host, inside]) => `${permitted} ${host}: ${inside}`);
  const judged = (accepts: boolean[]) =>
    constraintCases.map(([permitted, host], index) => `${permitted} ${host}: ${accepts[index]}`);

  beforeAll(async () => {
    folder = await temporaryFolder();
    const key = { keyType: "ecdsa", keyBits: 2048 } as const;
    const now = new Date();
    served = await Promise.all(
      constraintCases.map(async ([permitted, host], index) => {
        const authority = await issueAuthority({ ...key, commonName: "Kit", lifetime: "1 year", permitted }, now);
        const request = { ...key, hosts: [host], lifetime: "30 days" as const };
        const { certificatePem, privateKeyPem } = await issueServerCertificate(request, authority, now);
        const authorityFile = join(folder.path, `ca-${index}.crt`);
        await writeFile(authorityFile, authority.certificatePem);
        const chainPem = certificatePem + authority.certificatePem;
        const server = createServer({ cert: chainPem, key: privateKeyPem }, (_, response) => void response.end());
        servers.push(server.listen(0, "127.0.0.1"));
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        const name = host.replace("*", "registry");
        const { certificatePem: authorityCertificatePem } = authority;
        return { name, port, authorityFile, chainPem, privateKeyPem, authorityCertificatePem };
      }),
    );
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await folder[Symbol.asyncDispose]();
  });

  it.skipIf(!go)(`are obeyed by Go${go ? "" : " (skipped: no go here)"}`, { timeout: 120_000 }, async () => {
    const said = await goJudge(served.map((files) => ({ files, hosts: [files.name] })));
    expect(judged(said.map((complaint) => complaint === ""))).toEqual(expected);
  });

  it.skipIf(!curl)(`are obeyed by curl${curl ? "" : " (skipped: no curl here)"}`, { timeout }, async () => {
    const accepts = await Promise.all(
      served.map(async ({ name, port, authorityFile }) => {
        const host = isIPv6(name) ? `[${name}]` : name;
        const options = ["--silent", "--noproxy", "*", "--cacert", authorityFile];
        const line = [...options, "--connect-to", `${host}:443:127.0.0.1:${port}`, `https://${host}/`];
        const { exitCode } = await execa("curl", line, { reject: false, timeout: 20_000 });
        // 60: the peer's certificate cannot be authenticated. Anything else is a mistake of this test.
        expect([0, 60]).toContain(exitCode);
        return exitCode === 0;
      }),
    );
    expect(judged(accepts)).toEqual(expected);
  });

  it.skipIf(!python)(`are obeyed by Python${python ? "" : " (skipped: no python3 here)"}`, { timeout }, async () => {
    const { stdout } = await execa("python3", ["-c", program], { input: JSON.stringify(served), timeout: 30_000 });
    expect(judged(JSON.parse(stdout))).toEqual(expected);
  });
});

/** As urllib and requests do it. */
const program = `
import json, socket, ssl, sys
def accepts(case):
    context = ssl.create_default_context(cafile=case["authorityFile"])
    with socket.create_connection(("127.0.0.1", case["port"])) as connection:
        try:
            context.wrap_socket(connection, server_hostname=case["name"]).close()
            return True
        except ssl.SSLCertVerificationError:
            return False
print(json.dumps([accepts(case) for case in json.load(sys.stdin)]))
`;
