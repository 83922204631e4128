import { extname } from "node:path";

const exitWithParent = new URL("./exit-with-parent.js", import.meta.url).href;

/** Arguments of Node for a program: what it serves, it serves to processes of this user only. */
export const programGuards = [
  "--import",
  // Compiled, it ends in .js, as this file does.
  new URL(`../../lib/protocol/own-user/listen-for-own-user${extname(import.meta.filename)}`, import.meta.url).href,
];

/** Arguments of Node for plugins that are not the engine's own code: they end with the engine, too. */
export const pluginGuards = [...programGuards, "--import", exitWithParent];
