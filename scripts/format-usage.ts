import { dockerHub } from "../components/cache/docker-hub.ts";
import { isLoopback } from "../stacks/host-name.ts";
import { listNames } from "./list-names.ts";
import { shellWord } from "./shell-word.ts";
import { stackFlag } from "./stack-flag.ts";
import type { DeployedCache, DeployedStack, Deployment } from "./stack-outputs.ts";

/** What to type next, after a successful up. */
export function formatUsage({ registry, caches }: Deployment, stack: string, directUse: string[]): string {
  return [
    ...(registry ? ["", ...registryUsage(registry, stack)] : []),
    ...caches.flatMap((cache) => ["", ...cacheUsage(cache)]),
    ...directUse.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

function registryUsage({ url, hosts, userNames, dockerLogin, caCertificate }: DeployedStack, stack: string): string[] {
  const place = placeOf(url);
  const flag = stackFlag(stack);
  const user = userNames[0] && shellWord(userNames[0]);
  const login = user
    ? [`  npm run --silent password${flag || " --"} ${user} | ${dockerLogin} --username ${user} --password-stdin`]
    : [];
  const reachable = caCertificate && !hosts.every(isLoopback);
  const trust = reachable
    ? [
        `  Other machines: put the authority's certificate (output caCertificate) into /etc/docker/certs.d/${place}/ca.crt`,
      ]
    : [];
  return [
    `Registry: ${url}${userNames.length > 0 ? `, users: ${listNames(userNames)}` : ", anyone may push and pull"}`,
    ...login,
    `  docker tag IMAGE ${place}/IMAGE && docker push ${place}/IMAGE`,
    ...trust,
  ];
}

function cacheUsage({ name, url, upstream }: DeployedCache): string[] {
  const mirror =
    upstream === dockerHub
      ? [`  Daemons, for every image of Docker Hub: "registry-mirrors": ["${url}"] in /etc/docker/daemon.json`]
      : [];
  return [`Cache ${name}: ${url}, of ${upstream}`, `  docker pull ${placeOf(url)}/IMAGE`, ...mirror];
}

function placeOf(url: string): string {
  return url.replace(/^https?:\/\//, "");
}
