// Plain JavaScript for any Node since 14: it runs before it is known that Node can read TypeScript.
import { existsSync, readFileSync } from "node:fs";

const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** The oldest Node: in a clone, one that runs TypeScript as it is, without a warning. */
export const minimumNode = `${engines.node.replace(/^>=/, "")}.0`;

/** @param {string} version @returns {boolean} whether this Node version can run the kit */
export function isNodeNewEnough(version) {
  const given = version.replace(/^v/, "").split(".").map(Number);
  const wanted = minimumNode.split(".").map(Number);
  for (let i = 0; i < wanted.length; i++) {
    if (given[i] !== wanted[i]) return given[i] > wanted[i];
  }
  return true;
}

/** Ends the process with one line when this Node is too old. */
export function requireNode() {
  if (isNodeNewEnough(process.versions.node)) return;
  const isClone = existsSync(new URL("../../scripts/start.mjs", import.meta.url));
  console.error(
    `registry-kit needs Node ${minimumNode} or newer, this is ${process.versions.node}. ` +
      (isClone
        ? 'Use "npm run up", or put the kit\'s own Node first: export PATH="$PWD/node_modules/.bin:$PATH"'
        : "Install it, and put it first on PATH."),
  );
  process.exit(1);
}
