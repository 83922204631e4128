import { isClone } from "../../lib/start-up/is-clone.ts";
import { typed } from "../../lib/start-up/typed.ts";
import { command, main } from "../command-line/command-line.ts";
import { commandsText } from "../command-line/commands-text.ts";
import { printResult } from "../terminal/json-result.ts";
import { show } from "../terminal/terminal.ts";

const definition = command("help", "Lists the commands.");

await main(definition, async ({ json }) => {
  if (json) printResult(Object.fromEntries(commandsText));
  else for (const line of lines()) show(line);
  return 0;
});

function lines(): string[] {
  const width = Math.max(...[...commandsText.keys()].map((name) => name.length));
  return [
    isClone
      ? "npm run COMMAND -- OPTIONS        options go after the --; npm keeps the others for itself"
      : "npx registry-kit COMMAND OPTIONS",
    "",
    ...[...commandsText].map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    "",
    `${typed("COMMAND", "--help")} shows the options of one. All take --stack NAME (default: dev).`,
  ];
}
