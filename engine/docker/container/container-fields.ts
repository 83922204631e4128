import { absolutePath, atLeast, base64, matches, oneOf, propagation } from "../common/checks.ts";
import { type Fields, flag, integer, labels, list, map, object, set, size, text, time } from "../common/fields.ts";

const replaces = true;
const computed = true;
const required = true;
/** Left out, it is no time at all. */
const pause = (options: Parameters<typeof time>[0] = {}) => time({ default: "0s", ...options });
/** Pulumi's plugin asks Docker to change them in place, and Docker ignores that. */
const rates = () => set(object({ path: text({ required }), rate: size({ required }) }), { replaces });
/** Docker answers with the `CAP_` that may be left out. */
const capabilities = () => set(text({ canonical: (name) => name.toUpperCase().replace(/^CAP_/, "") }), { replaces });

const mount: Fields = {
  bindOptions: object({ propagation: text({ problem: propagation }) }),
  readOnly: flag(),
  source: text(),
  target: text({ required }),
  tmpfsOptions: object({ mode: integer(), sizeBytes: integer() }),
  type: text({ required, problem: oneOf("bind", "volume", "tmpfs") }),
  volumeOptions: object({
    driverName: text(),
    driverOptions: map(),
    labels: labels({}),
    noCopy: flag(),
    subpath: text({ api: "1.45" }),
  }),
};

const networkAttachment: Fields = {
  aliases: set(text()),
  driverOpts: set(text()),
  gwPriority: size({ api: "1.48" }),
  ipv4Address: text(),
  ipv6Address: text(),
  linkLocalIps: set(text()),
  macAddress: text({ api: "1.44" }),
  name: text({ required }),
};

const port: Fields = {
  external: integer({ computed }),
  internal: integer({ required }),
  ip: text({ default: "0.0.0.0" }),
  protocol: text({ default: "tcp" }),
};

const upload: Fields = {
  content: text(),
  contentBase64: text({ problem: base64 }),
  executable: flag(),
  file: text({ required }),
  group: text(),
  owner: text(),
  permissions: text({ problem: matches(/^0[0-7]{3}$/, "0644") }),
  source: text(),
  sourceHash: text(),
};

const volume: Fields = {
  containerPath: text(),
  fromContainer: text(),
  hostPath: text({ problem: absolutePath }),
  readOnly: flag(),
  selinuxRelabel: text({ problem: oneOf("z", "Z") }),
  volumeName: text(),
};

const deviceRequest: Fields = {
  capabilities: set(text()),
  count: integer(),
  deviceIds: set(text()),
  driver: text({ default: "cdi" }),
  options: map(),
};

/** The inputs of `docker:index/container:Container`. Those that do not replace are changed in place, or only used later. */
export const containerFields: Fields = {
  attach: flag(),
  capabilities: object({ adds: capabilities(), drops: capabilities() }, { replaces }),
  cgroupParent: text({ replaces }),
  cgroupnsMode: text({ replaces }),
  command: list(text(), { replaces, computed }),
  containerReadRefreshTimeoutMilliseconds: integer({ default: 15000 }),
  cpuPeriod: size(),
  cpuQuota: size(),
  cpuSet: text({ problem: matches(/^\d+([,-]\d+)*$/, "0-3 or 0,2") }),
  cpuShares: size(),
  cpus: text({ replaces, canonical: (amount) => String(Number(amount)) }),
  destroyGraceSeconds: integer(),
  deviceCgroupRules: set(text(), { replaces }),
  deviceReadBps: rates(),
  deviceReadIops: rates(),
  deviceRequests: set(object(deviceRequest), { replaces, conflictsWith: ["gpus"] }),
  deviceWriteBps: rates(),
  deviceWriteIops: rates(),
  devices: set(
    object({ containerPath: text({ computed }), hostPath: text({ required }), permissions: text({ default: "rwm" }) }),
    { replaces },
  ),
  dns: set(text(), { replaces }),
  dnsOpts: set(text(), { replaces }),
  dnsSearches: set(text(), { replaces }),
  domainname: text({ replaces }),
  entrypoints: list(text(), { replaces, computed }),
  envs: set(text(), { replaces, computed }),
  gpus: text({ replaces }),
  groupAdds: set(text(), { replaces }),
  healthcheck: object(
    {
      interval: pause(),
      retries: size(),
      startInterval: pause({ api: "1.44" }),
      startPeriod: pause(),
      tests: list(text()),
      timeout: pause(),
    },
    { computed },
  ),
  hostname: text({ replaces, computed }),
  hosts: set(object({ host: text({ required }), ip: text({ required }) }), { replaces }),
  image: text({ required, replaces }),
  init: flag({ computed }),
  ipcMode: text({ replaces, computed }),
  labels: labels({ replaces, computed }),
  logDriver: text({ replaces, computed }),
  logOpts: map({ replaces }),
  logs: flag(),
  maxRetryCount: integer(),
  memory: size(),
  memoryReservation: size(),
  memorySwap: integer({ problem: atLeast(-1) }),
  mounts: set(object(mount), { replaces }),
  mustRun: flag({ default: true }),
  name: text({ replaces }),
  networkMode: text({ replaces, default: "bridge" }),
  networksAdvanced: set(object(networkAttachment), { replaces }),
  pidMode: text({ replaces }),
  platform: text({ replaces, computed }),
  ports: set(object(port), { replaces }),
  privileged: flag({ replaces }),
  publishAllPorts: flag({ replaces }),
  readOnly: flag({ replaces }),
  removeVolumes: flag({ default: true }),
  restart: text({ default: "no", problem: oneOf("no", "on-failure", "always", "unless-stopped") }),
  rm: flag(),
  runtime: text({ replaces, computed }),
  securityOpts: set(text(), { replaces, computed }),
  shmSize: size({ replaces, computed }),
  start: flag({ default: true }),
  stdinOpen: flag({ replaces }),
  stopSignal: text({ replaces, computed }),
  stopTimeout: integer({ replaces, computed }),
  storageOpts: map({ replaces }),
  sysctls: map({ replaces }),
  tmpfs: map(),
  tty: flag({ replaces }),
  ulimits: set(object({ hard: integer({ required }), name: text({ required }), soft: integer({ required }) }), {
    replaces,
  }),
  uploads: set(object(upload), { replaces }),
  user: text({ replaces, kept: true }),
  usernsMode: text({ replaces }),
  volumes: set(object(volume), { replaces }),
  wait: flag(),
  waitTimeout: integer({ default: 60 }),
  workingDir: text({ replaces, kept: true }),
};
