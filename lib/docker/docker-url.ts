import { isSshHost, isSshUser } from "./ssh-name.ts";

/** How an engine is named. */
export const dockerUrlRule = "must be unix:///path, tcp://host:port, ssh://user@host or npipe:////./pipe/name";

/** Why the docker command would not take this for an engine, in words that go on after the setting; undefined: it would. */
export function dockerUrlProblem(url: string): string | undefined {
  const [, scheme, rest = ""] = /^(unix|tcp|ssh|npipe):\/\/(.+)$/s.exec(url) ?? [];
  if (!scheme || /\p{Cc}/u.test(url)) return dockerUrlRule;
  if (scheme === "unix" && !rest.startsWith("/"))
    return `${dockerUrlRule}. The path begins with "/", so three slashes follow "unix:"`;
  if (scheme === "unix" || scheme === "npipe") return undefined;
  const given = URL.canParse(`http://${rest}`) ? new URL(`http://${rest}`) : undefined;
  const [, user, host = ""] = /^(?:([^@/]*)@)?(\[[^\]]*\]|[^:/?#]*)/.exec(rest) ?? [];
  if (scheme === "tcp") {
    if (!given || /\s/.test(rest)) return `${dockerUrlRule}, with a port up to 65535 and no blanks`;
    if (user !== undefined)
      return `${dockerUrlRule}: without a user, Docker knows certificates alone (docker.certPath)`;
  }
  if (scheme === "ssh") {
    if (user?.includes(":")) return `${dockerUrlRule}: without a password, ssh asks for it or has a key`;
    if (!isSshHost(host) || (user !== undefined && !isSshUser(user)))
      return `${dockerUrlRule}, with names that ssh takes: no "-" in front, no blanks and no signs of a shell`;
    if (!given && /:\d+$/.test(rest)) return `${dockerUrlRule}, with a port up to 65535`;
  }
  return /[?#]/.test(rest) ? `${dockerUrlRule}: without "?" and "#"` : undefined;
}
