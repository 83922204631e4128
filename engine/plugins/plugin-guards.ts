const exitWithParent = new URL("./exit-with-parent.js", import.meta.url).href;

/** Arguments of Node for a program: what it serves, it serves to processes of this user only. */
export const programGuards = [
  "--import",
  new URL("../../lib/protocol/own-user/listen-for-own-user.ts", import.meta.url).href,
];

/** Arguments of Node for plugins that are not the engine's own code: they end with the engine, too. */
export const pluginGuards = [...programGuards, "--import", exitWithParent];
