// Run by a test as a process of its own: gives up root's rights, then reports the problems and the actions of a NodeTrust.
// Everything is loaded first: the user "nobody" may not be able to read this folder.
import { TrustStack } from "./trust-stack.ts";

const { inputs, state } = JSON.parse(process.argv[2] ?? "");
process.setgroups?.([]);
process.setgid?.(65534);
process.setuid?.(65534);

const stack = new TrustStack();
stack.state = state;
const problems = await stack.problems(inputs);
const action = problems.length > 0 ? undefined : await stack.up(inputs);
process.stdout.write(JSON.stringify({ problems, action, state: stack.state }));
