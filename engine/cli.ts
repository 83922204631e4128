#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { runEnvironment } from "./program/run-environment.ts";

enableCompileCache(runEnvironment(process.env).NODE_COMPILE_CACHE);
const { main } = await import("./cli/main.ts");
process.exit(await main(process.argv.slice(2)));
