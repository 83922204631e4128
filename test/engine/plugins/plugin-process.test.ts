import { describe, expect, it } from "vitest";
import type { PluginCommand } from "../../../engine/plugins/find-plugin.ts";
import { PluginProcess } from "../../../engine/plugins/plugin-process.ts";

const script = (source: string): PluginCommand => ({
  command: process.execPath,
  arguments: ["-e", source],
  origin: "the test",
});
const start = (plugin: PluginCommand, startTimeout = 20_000, lines: string[] = []) =>
  PluginProcess.start("x", plugin, {
    engineAddress: "127.0.0.1:1",
    folder: process.cwd(),
    environment: process.env,
    startTimeout,
    onLine: (line) => lines.push(line),
  });

describe("a plugin process", () => {
  it("tells its port, and its later lines are passed on", async () => {
    const lines: string[] = [];
    const plugin = await start(
      script('console.log("4711"); console.log("more"); console.error("worse"); setInterval(() => {}, 1e6)'),
      20_000,
      lines,
    );
    expect(plugin.address).toBe("127.0.0.1:4711");
    await expect.poll(() => lines.toSorted()).toEqual(["more", "worse"]);
    plugin.kill();
    expect(await plugin.ending()).toContain("SIGKILL");
  });

  it.each([
    ["prints garbage", 'console.log("hello there")', 'printed "hello there" where the number of its port was expected'],
    ["prints a number that is no port", 'console.log("70000")', 'printed "70000"'],
    [
      "ends at once",
      'console.error("no licence"); process.exit(3)',
      /ended with exit code 3 before .* It said:\s+no licence/s,
    ],
    ["is silent", "setInterval(() => {}, 1e6)", "did not print its port within 1 s"],
  ])("that %s is named with its command", async (_name, source, message) => {
    const starting = start(script(source), source.includes("setInterval") ? 1000 : 20_000);
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.toThrow('package "x"');
  });

  it("that cannot be started is named", async () => {
    await expect(start({ command: "/does/not/exist", arguments: [], origin: "the test" })).rejects.toThrow("ENOENT");
  });
});
