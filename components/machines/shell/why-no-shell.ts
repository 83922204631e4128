const shellNeeded =
  "The kit needs a login with a shell: no forced command in authorized_keys or sshd_config, no nologin, not sftp alone.";

/** What sudo says, and what to do; `%s` is what it said. */
const sudoReasons: [pattern: RegExp, reason: string][] = [
  [/a password is required/, "sudo asks for a password: set sudoPassword, or allow sudo without one (NOPASSWD)."],
  [
    /is not allowed to execute/,
    "sudo does not allow this user to run sh as root, which the kit needs. In sudoers: USER ALL=(root) ALL.",
  ],
  [
    /not in the sudoers file|may not run sudo/,
    "sudo gives no root's rights: %s Allow it in sudoers, or log in as root.",
  ],
  [/must have a tty|a terminal is required/, "sudo needs a terminal: %s Remove requiretty from sudoers for this user."],
  [/incorrect password|try again/i, "sudo does not accept the password."],
  [
    /sudo: (command )?not found|not found.*sudo|sudo.*not found/,
    "there is no sudo on it: log in as root, or install it.",
  ],
];

/**
 * Why there is no shell, in words that follow the login's name.
 * @param said by the host instead. @param otherwise what is known where it said nothing
 * @param password for sudo; empty: none is given, undefined: without sudo
 */
export function whyNoShell(said: string, otherwise: string, password: string | undefined): string {
  const words = said === "" ? otherwise : `it says ${JSON.stringify(shortened(said))}.`;
  if (password === undefined) return `gives no shell: ${words}${said === "" ? "" : ` ${shellNeeded}`}`;
  if (/does not take the password/.test(otherwise)) return "sudo does not accept the password.";
  const reason = sudoReasons.find(([pattern]) => pattern.test(said))?.[1];
  return reason?.replace("%s", words) ?? `sudo gives no root's rights: ${words}`;
}

/** The last lines, which a banner of a company's does not push out. */
function shortened(said: string): string {
  const lines = said
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.slice(-3).join(" / ").slice(-400);
}
