// Plain JavaScript for any Node: it runs before it is known that Node can read TypeScript.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Options of npm (10 and 11) that are about how npm runs a script. Whatever else is typed before `--` was meant for the command:
 * npm keeps it for itself, whether it knows it (`--json`, `--yes`, `--dry-run`) or not (`--stack`).
 */
const forNpm = new Set(
  `_auth allow-directory allow-file allow-git allow-remote allow-scripts audit audit-level before browser ca cache cache-max cache-min
  cafile cert color cpu editor fetch-retries fetch-retry-factor fetch-retry-maxtimeout fetch-retry-mintimeout fetch-timeout
  foreground-scripts fund git global-prefix globalconfig heading https-proxy if-present ignore-scripts include include-workspace-root
  init-module key legacy-peer-deps libc local-address local-prefix loglevel logs-dir logs-max maxsockets min-release-age
  min-release-age-exclude node-gyp node-options noproxy npm-version offline omit omit-lockfile-registry-resolved os package-lock
  prefer-dedupe prefer-offline prefer-online prefix progress proxy registry replace-registry-host scope script-shell shell strict-ssl
  timing umask unicode update-notifier user-agent userconfig viewer workspace workspaces`.split(/\s+/),
);

/** What people set in their environment in lower case for builds of native packages, where npm's own environment can't be read. */
const forBuilds =
  /^(nodedir|python|arch|platform|runtime|devdir|disturl|dist-url|libc|msvs-version|build-from-source|target(-.*)?|.*-(mirror|cdnurl|host|skip-download)|.*-binary-.*)$/;

/** Options of the commands that npm has none of by the same name: never npm's, wherever they come from. A test keeps the list complete. */
export const ownOptions = new Set(
  `assume-docker certificate docker expect-no-changes from host install markdown match older-than policy-pack policy-pack-config port purge quiet refresh
  runs secret save-plan stack stop verbose verify`.split(/\s+/),
);

/** npm's `--quiet` and `--verbose` (and their short forms) as npm passes them on. */
const logLevels = { warn: "--quiet", info: "--verbose", verbose: "--verbose" };

/**
 * What was typed before `--`, so that npm has taken it: an option's name -> its value, as npm passes it on (`true`, `""` for a
 * negated one). Without what stands in npm's own files and what was in the environment already.
 *
 * @param {Record<string, string | undefined>} environment of the script
 * @param {Record<string, string | undefined> | undefined} before the environment of npm itself; undefined: it can't be read
 * @returns {Map<string, string>}
 */
export function takenByNpm(environment, before) {
  const files = settingsOfNpm(environment);
  const taken = new Map();
  for (const [variable, value = ""] of Object.entries(environment)) {
    const name = optionName(variable);
    // npm passes on in lower case what was typed, and leaves other spellings as they are: of those ours alone count.
    if (name === undefined || !(variable.startsWith("npm_config_") || ownOptions.has(name))) continue;
    if (files.get(name) === value && !ownOptions.has(name)) continue;
    const wasThere = Object.entries(before ?? {}).some(([other, old]) => optionName(other) === name && old === value);
    if (!ownOptions.has(name) && (wasThere || (!before && forBuilds.test(name)))) continue;
    taken.set(name, value);
  }
  return taken;
}

/**
 * What the command gets of that: `refused` is the message for the user where there is something that npm must not have.
 *
 * @param {string} script the name that was typed after `npm run`
 * @param {string[]} args what npm passed on
 * @param {Map<string, string>} taken see {@link takenByNpm}
 * @returns {{ refused: string | undefined, args: string[] }}
 */
export function giveBack(script, args, taken) {
  const lost = [...taken].filter(([name]) => !forNpm.has(name));
  const level = logLevels[taken.get("loglevel") ?? ""];
  if (lost.length === 0) return { refused: undefined, args: level && !args.includes(level) ? [...args, level] : args };
  const names = new Set(lost.map(([name]) => name));
  // npm reads "--plan" as its own -p, -l, -a and -n, and "--engine" as "--engine-strict".
  const isPlan = ["all", "long", "parseable"].every((name) => names.has(name));
  const options = lost.flatMap(([name, value]) => {
    if (isPlan && ["all", "long", "parseable", "yes"].includes(name)) return name === "all" ? ["--plan"] : [];
    return name === "engine-strict" ? ["--engine"] : typed(name, value);
  });
  const silent = names.has("json") ? "--silent " : "";
  const command = `npm run ${silent}${script} -- ${[...options, ...args].join(" ")}`;
  return {
    args,
    refused:
      `Nothing was done: npm keeps options that stand before "--" for itself, so ${script} did not get ${options.join(" ")}. ` +
      `Type: ${command}\nIf you did not type it, it is in your environment or a .npmrc as ${variables(lost)}, in small or capital letters: remove it there.`,
  };
}

/** @returns {string[]} an option as it was typed, as far as can be known. A value may be a secret. */
function typed(name, value) {
  if (value === "true") return [`--${name}`];
  if (value === "") return [`--no-${name}`];
  const shown = /pass|secret|token/.test(name) ? ["..."] : value.split("\n\n");
  return shown.map((one) => `--${name}=${/^[\w@%+=:,./*-]+$/.test(one) ? one : `'${one}'`}`);
}

function variables(lost) {
  return lost.map(([name]) => `npm_config_${name.replaceAll("-", "_")}`).join(", ");
}

/** @returns {string | undefined} `dry-run` for `npm_config_dry_run` in any spelling */
function optionName(variable) {
  const name = /^npm_config_(.+)$/i.exec(variable)?.[1];
  return name?.toLowerCase().replace(/(?!^)_/g, "-");
}

/** The settings in the files that npm reads, which it passes on, too. Those with variables in them can't be compared. */
function settingsOfNpm(environment) {
  const { npm_config_userconfig: user, npm_config_globalconfig: all, npm_config_local_prefix: project } = environment;
  const builtin = environment.npm_execpath && join(dirname(dirname(environment.npm_execpath)), "npmrc");
  const settings = new Map();
  for (const file of [builtin, all, user, project && join(project, ".npmrc")]) {
    for (const line of linesOf(file)) {
      const [, name, value = "true"] = /^\s*([^#;=\s][^=]*?)\s*(?:=\s*(.*?)\s*)?$/.exec(line) ?? [];
      if (name === undefined) continue;
      const plain = value.replace(/^(["'])(.*)\1$/, "$2");
      const text =
        plain === "false" || plain === "null"
          ? ""
          : plain.replace(/\$\{([^}]+)\}/g, (_, key) => environment[key] ?? "");
      settings.set(name.toLowerCase().replaceAll("_", "-"), text);
    }
  }
  return settings;
}

/** @returns {string[]} none where there is no such file */
function linesOf(file) {
  try {
    return file ? readFileSync(file, "utf8").split(/\r?\n/) : [];
  } catch {
    return [];
  }
}

/**
 * The environment that npm was started with: that of the nearest process above this one that npm has not told which script it runs.
 *
 * @returns {Record<string, string> | undefined} undefined where the system does not show it
 */
export function environmentOfNpm(event) {
  try {
    for (let pid = process.ppid; pid > 1; pid = parentOf(pid)) {
      const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      if (entries.includes(`npm_lifecycle_event=${event}`)) continue;
      return Object.fromEntries(entries.map((entry) => [entry.split("=", 1)[0], entry.slice(entry.indexOf("=") + 1)]));
    }
  } catch {
    // Not Linux, or another user's process.
  }
  return undefined;
}

function parentOf(pid) {
  const [, fields = ""] = /\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
  return Number(fields.split(" ")[1]);
}
