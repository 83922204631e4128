import { dockerHub } from "../../components/caches/docker-hub.ts";
import { isLoopback } from "../../components/machines/is-loopback.ts";
import { registryName } from "../../components/trust/registry-name.ts";
import { shellWord } from "../../lib/processes/shell-word.ts";
import { typedSilently } from "../../lib/start-up/typed-silently.ts";
import { stackFlag } from "../command-line/stack-flag.ts";
import type { DeployedCache, DeployedStack, Deployment } from "../session/deployment.ts";
import { listNames } from "../terminal/list-names.ts";

/** Where the parts of a deployment are: a line each. */
export function formatPlace({ registry, caches }: Deployment): string[] {
  return [
    ...(registry ? [placeLine(registry)] : []),
    ...caches.map(({ name, url, upstream }) => `Cache ${name}: ${url}, of ${upstream}`),
  ];
}

/** What to type next, after an `up` that changed something. @param directUse what to type before plain `pulumi` */
export function formatUsage({ registry, caches }: Deployment, stack: string, directUse: string[]): string[] {
  return [
    ...(registry ? [placeLine(registry), ...registryUsage(registry, stack)] : []),
    ...caches.flatMap(cacheUsage),
    ...directUse.map((line) => `  ${line}`),
  ];
}

function placeLine({ url, userNames }: DeployedStack): string {
  const users = userNames.length > 0 ? `users: ${listNames(userNames)}` : "anyone may push and pull";
  return `Registry: ${url}, ${users}`;
}

function registryUsage({ hosts, port, userNames, passwords, acceptsPushes, ...stack }: DeployedStack, name: string) {
  const flag = stackFlag(name);
  const place = stack.url.replace(/^https?:\/\//, "");
  // Of a user who is known by a hash alone there is no password to print.
  const known = userNames.find((user) => Object.hasOwn(passwords, user));
  const [first] = userNames;
  const login = known
    ? `${typedSilently("password", [flag, shellWord(known)].filter(Boolean).join(" "))} | ${stack.dockerLogin} --username ${shellWord(known)} --password-stdin`
    : first && `${stack.dockerLogin} --username ${shellWord(first)}`;
  const others = hosts.filter((host) => !isLoopback(host));
  // Only a name that other machines can reach is of use to them.
  const trust = stack.caCertificate && others[0] ? [trustLine(others[0], port, flag)] : [];
  return [
    ...(login ? [`  ${login}`] : []),
    `  docker ${acceptsPushes ? `push ${place}/IMAGE` : `pull ${place}/IMAGE`}`,
    ...trust,
  ];
}

function trustLine(host: string, port: number, flag: string): string {
  const print = typedSilently("status", [flag, "--certificate"].filter(Boolean).join(" "));
  return `  Other machines: ${print} > ca.crt, and put that at /etc/docker/certs.d/${registryName(host, port)}/ca.crt there`;
}

function cacheUsage({ name, url, upstream }: DeployedCache): string[] {
  const mirror =
    upstream === dockerHub
      ? [`  Daemons, for every image of Docker Hub: "registry-mirrors": ["${url}"] in /etc/docker/daemon.json`]
      : [];
  const place = url.replace(/^https?:\/\//, "");
  return [`Cache ${name}: ${url}, of ${upstream}`, `  docker pull ${place}/IMAGE`, ...mirror];
}
