import type { Fields } from "../../engine/docker/common/fields.ts";
import { resourceTypes } from "../../engine/docker/provider.ts";

/** Why an input is refused by name, by type and path. */
const refused: Record<string, string> = {
  "RemoteImage build": "building an image needs the Pulumi CLI and its Docker plugin",
  "Volume cluster": "cluster volumes need the Pulumi CLI and its Docker plugin",
};

/** Inputs that say how the provider works and that no object of Docker's has. */
export const waysOfWorking: Record<string, string> = {
  "Container attach": "waits until the container has ended",
  "Container containerReadRefreshTimeoutMilliseconds": "taken and recorded; a read here needs no second look",
  "Container destroyGraceSeconds": "the time between SIGTERM and SIGKILL at a deletion",
  "Container logs": "with `attach`: `containerLogs` has what the container printed",
  "Container mustRun": "a container that has ended is started by the next `up`",
  "Container removeVolumes": "a deletion takes anonymous volumes with it",
  "Container start": "false: it is only made",
  "Container uploads.sourceHash": "a change of it replaces the container",
  "Container wait": "waits until the healthcheck says healthy",
  "Container waitTimeout": "seconds for that",
  "RemoteImage forceRemove": "a deletion removes the image from containers that use it, too",
  "RemoteImage keepLocally": "a deletion leaves the image where it is",
  "RemoteImage pullTriggers": "a change of one pulls again",
  "RemoteImage triggers": "a change of one pulls again",
  "Service auth": "the credentials with which the swarm pulls the image",
  "Service auth.password": "the same",
  "Service auth.serverAddress": "the same",
  "Service auth.username": "the same",
  "Service convergeConfig": "waits until the service runs as asked for",
  "Service convergeConfig.delay": "between two looks",
  "Service convergeConfig.timeout": "for that",
};

/** What becomes of an input. */
export interface InputFate {
  /** `Container`. */
  type: string;
  /** `mounts.volumeOptions.subpath`; the items of a list have no index. */
  path: string;
  fate: "honoured" | "how the provider works" | "refused" | "needs API";
  /** For people. */
  text: string;
  replaces: boolean;
}

/** What becomes of each input of each type, in the order of the tables of fields. */
export function dockerInputs(): InputFate[] {
  return resourceTypes.flatMap(({ token, inputs }) => fatesOf(token.split(":")[2] ?? token, inputs));
}

function fatesOf(type: string, fields: Fields, path = "", outer = false): InputFate[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const at = path ? `${path}.${key}` : key;
    const name = `${type} ${at}`;
    const replaces = outer || (field.replaces ?? false);
    const make = (fate: InputFate["fate"], text: string): InputFate => ({ type, path: at, fate, text, replaces });
    if (refused[name]) return [make("refused", `refused: ${refused[name]}`)];
    const below = fatesOf(type, (field.element ?? field).fields ?? {}, at, replaces && field.element !== undefined);
    const way = waysOfWorking[name];
    if (way) return [make("how the provider works", way), ...below];
    if (field.api) return [make("needs API", `honoured by API ${field.api} and newer, refused below`), ...below];
    return [make("honoured", "honoured"), ...below];
  });
}

/** docs/docker-provider.md. */
export function dockerTable(): string {
  const fates = dockerInputs();
  const types = [...new Set(fates.map(({ type }) => type))];
  const table = (type: string) => [
    `\n## ${type}\n`,
    "| Input | What becomes of it | A change |",
    "| --- | --- | --- |",
    ...fates
      .filter((fate) => fate.type === type)
      .map(({ path, text, replaces }) => `| \`${path}\` | ${text} | ${replaces ? "replaces" : "in place"} |`),
  ];
  return `${[introduction, ...types.flatMap(table)].join("\n")}\n`;
}

const introduction = `# The built-in Docker provider

<!-- Generated from engine/docker by "npm run docs"; a test keeps it true. -->

If you have no Docker plugin of Pulumi's, the built-in engine serves the resources of \`@pulumi/docker\` itself. This page lists all inputs of version 5.2.0, and what happens if you set them:

- Honoured: a test compares the input with what Docker reports of the object afterwards (inputs.test.ts and swarm.test.ts in test/engine/docker/).
- Refused: the preview stops with the input's name and the reason. It also stops if an input needs a newer Docker than yours, because the daemon ignores what it does not know.
- Not in the list: the input is refused as misspelled.

Pulumi's plugin plans some changes differently:

| Change | Pulumi's plugin | Built-in engine |
| --- | --- | --- |
| \`deviceReadBps\`, \`deviceReadIops\`, \`deviceWriteBps\`, \`deviceWriteIops\` | updates in place, which Docker ignores | replaces |
| a replicated service becomes a global one | updates in place, which Docker refuses | replaces |
| an overlay network with only a subnet | replaces it at every run | changes nothing |
| \`healthcheck\`, \`tmpfs\`, \`init\` or \`rm\` of a container | updates in place; Docker takes the change only when the container is next replaced | the same, and a warning tells you |`;
