import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../../bench/harness/free-port.ts";
import { dockerClientFor } from "../../../lib/docker/docker-client-for.ts";
import { findProgram } from "../../../scripts/machine/find-program.ts";
import { withoutDocker } from "../../support/describe-with-docker.ts";
import { poll } from "../../support/poll.ts";

const obstacle =
  withoutDocker ??
  (process.getuid?.() === 0 ? undefined : "sshd needs root") ??
  (findProgram("docker") ? undefined : "no docker CLI on PATH") ??
  (findProgram("sshd") || execaSync("test", ["-x", "/usr/sbin/sshd"], { reject: false }).exitCode === 0
    ? undefined
    : "no sshd on this machine: apt-get install openssh-server");

describe.skipIf(obstacle !== undefined)(
  `A daemon behind a real sshd${obstacle ? ` (skipped: ${obstacle})` : ""}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "rk-sshd-"));
    const log = join(folder, "sshd.log");
    let port = 0;
    let sshd: ChildProcess;

    const options = (key = "id") => [
      "-F",
      "none",
      "-i",
      join(folder, key),
      "-o",
      "BatchMode=yes",
      "-o",
      `UserKnownHostsFile=${join(folder, "known_hosts")}`,
    ];
    const client = (key?: string, host = `ssh://root@127.0.0.1:${port}`) =>
      dockerClientFor({ host, sshOptions: options(key) }, 30_000);

    beforeAll(async () => {
      port = await freePort();
      for (const name of ["id", "stranger", "host"]) {
        execaSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
      }
      const hostKey = execaSync("cat", [join(folder, "host.pub")]).stdout;
      writeFileSync(join(folder, "known_hosts"), `[127.0.0.1]:${port} ${hostKey}\n`);
      writeFileSync(join(folder, "authorized"), execaSync("cat", [join(folder, "id.pub")]).stdout, { mode: 0o600 });
      chmodSync(folder, 0o700);
      const lines = {
        Port: port,
        ListenAddress: "127.0.0.1",
        HostKey: join(folder, "host"),
        AuthorizedKeysFile: join(folder, "authorized"),
        PidFile: "none",
        PermitRootLogin: "yes",
        PasswordAuthentication: "no",
        KbdInteractiveAuthentication: "no",
        StrictModes: "no",
        LogLevel: "VERBOSE",
      };
      const file = join(folder, "sshd_config");
      writeFileSync(
        file,
        Object.entries(lines)
          .map((line) => `${line.join(" ")}\n`)
          .join(""),
      );
      execaSync("mkdir", ["-p", "/run/sshd"]);
      sshd = spawn("/usr/sbin/sshd", ["-D", "-f", file, "-E", log], { stdio: "ignore" });
      await poll("sshd listens", () => client().ping(), { deadline: 20_000, pause: 200 });
    });
    afterAll(() => {
      sshd?.kill();
      rmSync(folder, { recursive: true, force: true });
    });

    it("answers all requests over one connection, also side by side", async () => {
      const before = connections();
      const docker = client();
      for (let i = 0; i < 3; i++) expect((await docker.version()).ApiVersion).toBeTruthy();
      // sshd takes ten sessions on a connection (MaxSessions); what goes beyond opens another one.
      const answers = await Promise.all(Array.from({ length: 8 }, () => docker.ping()));
      expect(answers.map(String)).toEqual(Array(8).fill("OK"));
      expect(connections() - before).toBeLessThanOrEqual(1);
    });

    it.each<[string, () => ReturnType<typeof client>, RegExp]>([
      ["a key that is not known", () => client("stranger"), /ssh 127\.0\.0\.1: .*Permission denied \(publickey/],
      ["nobody at the port", () => client("id", "ssh://root@127.0.0.1:1"), /Connection refused/],
      [
        "a host key that is not known",
        () => client("id", `ssh://root@localhost:${port}`),
        /Host key verification failed/,
      ],
    ])("says what ssh says: %s", async (_, made, message) => {
      await expect(made().ping()).rejects.toThrow(message);
    });

    function connections(): number {
      return Number(execaSync("grep", ["-c", "Accepted publickey", log], { reject: false }).stdout);
    }
  },
);
