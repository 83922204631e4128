#!/usr/bin/env node
// The first thing every npm command runs. Plain JavaScript for any Node: it makes sure that the dependencies
// and a Node that is new enough are there, then hands over to scripts/<command>.ts.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isNodeNewEnough, minimumNode } from "./require-node.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command, ...args] = process.argv.slice(2);
const install = !args.includes("--no-install");

const stale = staleDependencies();
if (stale) {
  if (!install) fail(`Dependencies: ${stale}. Run "npm ci".`);
  console.error(`Dependencies: ${stale}, running npm ci`);
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], process.env);
}

const node = newEnoughNode();
// Tools that a command starts (the Pulumi CLI, its plugins) find the same Node.
const path = [dirname(node), join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
const environment = { ...process.env, PATH: path, NODE_COMPILE_CACHE: join(root, ".cache", "node") };
run(node, [join(root, "scripts", `${command}.ts`), ...args], environment);

/** @returns {string | undefined} why node_modules does not hold what package-lock.json says */
function staleDependencies() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return "not installed";
  const wanted = packages(join(root, "package-lock.json"));
  const present = packages(installed);
  const missing = Object.keys(wanted).find(
    (name) => name !== "" && !wanted[name].optional && present[name]?.version !== wanted[name].version,
  );
  return missing ? `${missing.replace("node_modules/", "")} is not the version of package-lock.json` : undefined;
}

function packages(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

/** This Node where it is new enough, else the one of the npm package "node". */
function newEnoughNode() {
  if (isNodeNewEnough(process.versions.node)) return process.execPath;
  const bundled = join(root, "node_modules", "node", "bin", "node");
  const version = existsSync(bundled) ? spawnSync(bundled, ["--version"], { encoding: "utf8" }).stdout?.trim() : "";
  if (version && isNodeNewEnough(version)) {
    if (process.stderr.isTTY)
      console.error(`Node: ${process.versions.node} is too old, using ${version} of the npm package "node"`);
    return bundled;
  }
  return fail(
    `Node: this is ${process.versions.node}, the kit needs ${minimumNode} or newer, and the npm package "node" ` +
      'holds none for this machine (were install scripts switched off?). Install Node from your system, or run "npm rebuild node".',
  );
}

function run(file, parameters, env) {
  // Ctrl-C reaches the child through the terminal; it decides how to stop.
  process.on("SIGINT", () => {});
  const result = spawnSync(file, parameters, { stdio: "inherit", env });
  if (result.error) fail(`${file}: ${result.error.message}`);
  if (result.status !== 0 || parameters[0]?.endsWith(".ts")) process.exit(result.status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
