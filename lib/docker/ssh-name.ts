/**
 * Whether OpenSSH takes a name for a host, or for a user: `valid_hostname` and `valid_ruser` of its ssh.c. Others are options
 * (`-oProxyCommand=...`), or commands to a shell that sees them.
 */
export function isSshHost(name: string): boolean {
  return name !== "" && !/^-|[\s'"`$\\;&<>|(){}]|\p{Cc}/u.test(name);
}

export function isSshUser(name: string): boolean {
  return name !== "" && !/^-|['"`;&<>|(){}]|\s-|\\$|\p{Cc}/u.test(name);
}
