// Run by a test as a process of its own: gives up root's rights for those of a user ("nobody"), then reports, for each line of its input, what an `up` or `down` of a
// NodeTrust does, or of a DaemonConfiguration. Everything is loaded first: the user may not be able to read this folder.
import { createInterface } from "node:readline";
import "../../components/machines/root/root-shell.ts";
import { daemonConfigurationDefinition } from "../../components/daemon-json/daemon-configuration-lifecycle.ts";
import { ResourceStack } from "../trust/resource-stack.ts";
import { TrustStack } from "../trust/trust-stack.ts";

const [uid, gid] = process.argv.slice(2).map(Number);
if (process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(gid ?? 65534);
  process.setuid?.(uid ?? 65534);
}

for await (const line of createInterface(process.stdin)) {
  const { inputs, state, work, of } = JSON.parse(line);
  const stack = of === "daemon" ? new ResourceStack(daemonConfigurationDefinition) : new TrustStack();
  stack.state = state;
  const report: Record<string, unknown> = { problems: [] };
  try {
    if (work === "down") await stack.down();
    else {
      const problems = await stack.problems(inputs);
      report.problems = problems;
      stack.log.length = 0;
      if (problems.length === 0) report.action = await stack.up(inputs);
      report.state = stack.state;
      await stack.refresh();
      report.refreshed = stack.state;
    }
  } catch (error) {
    report.error = (error as Error).message;
  }
  process.stdout.write(`${JSON.stringify({ ...report, log: stack.log })}\n`);
}
