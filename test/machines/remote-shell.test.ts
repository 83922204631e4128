import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { RemoteShell } from "../../components/machines/shell/remote-shell.ts";
import { whyNoShell } from "../../components/machines/shell/why-no-shell.ts";

/** A shell of this machine whose program is `login`, as the host at the other end decides. */
function open(login = "sh -c") {
  return RemoteShell.start(
    async (command) => {
      const [program = "", ...rest] = login.split(" ");
      const child = spawn(program, [...rest, command], { stdio: "pipe" });
      const close = () => void child.kill("SIGKILL");
      const onEnd = (listener: () => void) => void child.once("close", listener);
      return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, close, onEnd };
    },
    { name: "node", sudo: false },
  );
}

describe("a shell on a node", () => {
  it("answers script after script", async () => {
    const shell = await open();
    expect(await shell.run("echo out; echo err >&2; exit 3")).toMatchObject({ exitCode: 3, stderr: "err\n" });
    expect((await shell.run("pwd")).stdout.toString()).toBe("/\n");
    shell.end();
  });

  it.each(["cat /dev/zero", "yes >&2"])("that answers without end (%s) is cut off at 4 MiB", async (script) => {
    const before = process.memoryUsage().rss;
    const shell = await open();
    await expect(shell.run(script)).rejects.toThrow("node: its answer is longer than 4 MiB.");
    await expect(shell.run("true")).rejects.toThrow("longer than 4 MiB");
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it("that answers without end before there is a shell is cut off, too", async () => {
    await expect(open("yes")).rejects.toThrow(/gives no shell: it says "/);
  });

  it("shows what the host says instead of being one", async () => {
    await expect(open("echo Backups only. Ask ops@example.com")).rejects.toThrow(
      /^node: gives no shell: it says "Backups only\. Ask ops@example\.com .*forced command/,
    );
  });
});

describe("why there is no shell", () => {
  it.each([
    [
      "This account is currently not available.",
      undefined,
      /says "This account is currently not available\."\. The kit needs/,
    ],
    ["This service allows sftp connections only.", undefined, /says "This service allows sftp/],
    ["", undefined, /^gives no shell: the connection was lost$/],
    ["sudo: a password is required", "", /set sudoPassword, or allow sudo without one/],
    ["Sorry, user u is not allowed to execute '/usr/bin/sh' as root on h.", "pw", /does not allow this user to run sh/],
    ["u is not in the sudoers file.", "pw", /gives no root's rights: it says "u is not in the sudoers file\."/],
    ["sudo: sorry, you must have a tty to run sudo", "", /requiretty/],
    ["sh: 1: sudo: not found", "", /there is no sudo on it/],
    ["something new", "", /gives no root's rights: it says "something new"/],
  ])("%j: what was said is shown with what to do", (said, password, reason) => {
    expect(whyNoShell(said, "the connection was lost", password)).toMatch(reason);
  });
});
