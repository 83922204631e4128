import { matches, oneOf, propagation, ratio } from "../common/checks.ts";
import { type Fields, flag, integer, labels, list, map, object, set, size, text, time } from "../common/fields.ts";

const replaces = true;
const computed = true;
const required = true;
const texts = () => list(text());
/** Labels of containers and their volumes; those of the service itself are changed in place. */
const fixedLabels = () => set(object({ label: text({ required, replaces }), value: text({ required, replaces }) }));

/** A secret or a config as a file in the container. */
const file: Fields = {
  fileGid: text({ default: "0" }),
  fileMode: size({ default: 0o444 }),
  fileName: text({ required }),
  fileUid: text({ default: "0" }),
};

const mount: Fields = {
  bindOptions: object({ propagation: text({ default: "rprivate", problem: propagation }) }),
  readOnly: flag(),
  source: text(),
  target: text({ required }),
  tmpfsOptions: object({ mode: integer(), sizeBytes: integer() }),
  type: text({ required, problem: oneOf("bind", "volume", "tmpfs") }),
  volumeOptions: object({ driverName: text(), driverOptions: map(), labels: fixedLabels(), noCopy: flag() }),
};

const healthcheck: Fields = {
  interval: time({ default: "0s" }),
  retries: size(),
  startPeriod: time({ default: "0s" }),
  tests: texts(),
  timeout: time({ default: "0s" }),
};

const privileges: Fields = {
  credentialSpec: object({ file: text(), registry: text() }),
  seLinuxContext: object({ disable: flag(), level: text(), role: text(), type: text(), user: text() }),
};

const containerSpec: Fields = {
  args: texts(),
  capAdds: texts(),
  capDrops: texts(),
  commands: texts(),
  configs: set(object({ configId: text({ required }), configName: text(), ...file })),
  dir: text(),
  dnsConfig: object({ nameservers: list(text(), { required }), options: texts(), searches: texts() }, { computed }),
  env: map(),
  groups: texts(),
  healthcheck: object(healthcheck, { computed }),
  hostname: text(),
  hosts: set(object({ host: text({ required }), ip: text({ required }) }), { replaces }),
  image: text({ required }),
  init: flag({ computed }),
  isolation: text({ default: "default", problem: oneOf("default", "process", "hyperv") }),
  labels: fixedLabels(),
  mounts: set(object(mount)),
  privileges: object(privileges),
  readOnly: flag(),
  secrets: set(object({ secretId: text({ required }), secretName: text(), ...file })),
  stopGracePeriod: time({ computed }),
  stopSignal: text(),
  sysctl: map({ replaces }),
  user: text(),
};

const resources: Fields = {
  limits: object({ memoryBytes: integer(), nanoCpus: integer() }),
  reservation: object({
    genericResources: object({ discreteResourcesSpecs: set(text()), namedResourcesSpecs: set(text()) }),
    memoryBytes: integer(),
    nanoCpus: integer(),
  }),
};

const restartPolicy: Fields = {
  condition: text({ problem: oneOf("none", "on-failure", "any") }),
  delay: time(),
  maxAttempts: size(),
  window: time(),
};

const placement: Fields = {
  constraints: set(text()),
  maxReplicas: size(),
  platforms: set(object({ architecture: text({ required }), os: text({ required }) })),
  prefs: set(text()),
};

const networkAttachment: Fields = {
  aliases: set(text(), { replaces }),
  driverOpts: set(text(), { replaces }),
  id: text({ replaces }),
  name: text({ replaces }),
};

const taskSpec: Fields = {
  containerSpec: object(containerSpec, { required }),
  forceUpdate: size({ computed }),
  logDriver: object({ name: text({ required }), options: map() }),
  networksAdvanceds: set(object(networkAttachment)),
  placement: object(placement, { computed }),
  resources: object(resources, { computed }),
  restartPolicy: object(restartPolicy, { computed }),
  runtime: text({ computed, problem: oneOf("container", "plugin") }),
};

const port: Fields = {
  name: text(),
  protocol: text({ default: "tcp", problem: oneOf("tcp", "udp", "sctp") }),
  publishMode: text({ default: "ingress", problem: oneOf("host", "ingress") }),
  publishedPort: integer({ computed }),
  targetPort: integer({ required }),
};

const rollout = (...actions: string[]): Fields => ({
  delay: time({ default: "0s" }),
  failureAction: text({ default: "pause", problem: oneOf(...actions) }),
  maxFailureRatio: text({ default: "0.0", problem: ratio, canonical: (share) => String(Number(share)) }),
  monitor: time({ default: "5s" }),
  order: text({ default: "stop-first", problem: oneOf("stop-first", "start-first") }),
  parallelism: size({ default: 1 }),
});

/** The inputs of `docker:index/service:Service`. */
export const serviceFields: Fields = {
  auth: object(
    {
      password: text({ replaces, secret: true }),
      serverAddress: text({ required, replaces, problem: matches(/./, "registry.example.org:5000") }),
      username: text({ replaces }),
    },
    { replaces },
  ),
  convergeConfig: object({ delay: time({ default: "7s" }), timeout: time({ default: "3m" }) }),
  endpointSpec: object(
    { mode: text({ computed, problem: oneOf("vip", "dnsrr") }), ports: list(object(port)) },
    { computed },
  ),
  labels: labels({ computed }),
  mode: object(
    // Docker cannot turn a replicated service into a global one; Pulumi's plugin tries to, and fails.
    { global: flag({ replaces }), replicated: object({ replicas: size({ default: 1 }) }, { computed }) },
    { computed, replaces },
  ),
  name: text({ replaces }),
  rollbackConfig: object(rollout("pause", "continue")),
  taskSpec: object(taskSpec, { required }),
  updateConfig: object(rollout("pause", "continue", "rollback")),
};
