import { isLoopback } from "../stacks/host-name.ts";
import { listNames } from "./list-names.ts";
import { shellWord } from "./shell-word.ts";
import type { DeployedStack } from "./stack-outputs.ts";

/** What to type next, after a successful up. */
export function formatUsage(
  { url, hosts, userNames, dockerLogin, caCertificate }: DeployedStack,
  stack: string,
  directUse: string[],
): string {
  const place = url.replace(/^https?:\/\//, "");
  const flag = stack === "dev" ? "" : ` -- --stack ${stack}`;
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
    "",
    `Registry: ${url}${userNames.length > 0 ? `, users: ${listNames(userNames)}` : ", anyone may push and pull"}`,
    ...login,
    `  docker tag IMAGE ${place}/IMAGE && docker push ${place}/IMAGE`,
    ...trust,
    ...directUse.map((line) => `  ${line}`),
    "",
  ].join("\n");
}
