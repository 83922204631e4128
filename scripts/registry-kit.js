#!/usr/bin/env node
// Runs one command in the folder that it was typed in: `npx registry-kit COMMAND`. In a clone, start.mjs has looked for packages and a
// Node first, and comes here. Plain JavaScript: it must be readable by a Node that is too old, to be able to say so.
import { existsSync } from "node:fs";
import module from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loopbackWithoutProxy } from "../lib/start-up/loopback-without-proxy.cjs";
import { requireNode } from "../lib/start-up/require-node.js";

requireNode();
const folder = dirname(fileURLToPath(import.meta.url));
const isClone = existsSync(join(folder, "start.mjs"));
if (!isClone) {
  // What a command starts finds the same Node, and goes through no proxy to this machine.
  Object.assign(process.env, loopbackWithoutProxy(process.env));
  process.env.PATH = [process.env.PATH, dirname(process.execPath)].filter(Boolean).join(delimiter);
  module.enableCompileCache?.();
}
const [command = "help"] = process.argv
  .splice(2, 1)
  .map((word) => (word === "--help" || word === "-h" ? "help" : word));
if (command === "--version") process.argv.push("--version");
const name = command === "--version" ? "help" : command;
const file = `./commands/${name}.${isClone ? "ts" : "js"}`;
// The built-in engine with the names that the Pulumi CLI has for commands and options, for a program of your own.
if (name === "engine") await import("../engine/cli.ts");
else if (/^[a-z][a-z-]*$/.test(name) && existsSync(join(folder, file))) await import(file);
else {
  console.error(`"${name}" is not a command of registry-kit. "npx registry-kit help" lists them.`);
  process.exitCode = 1;
}
