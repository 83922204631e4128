// The program's entry for the Pulumi CLI. Plain JavaScript: it must be readable by a Node that is too old, to say so.
import { requireNode } from "../scripts/require-node.js";

requireNode();

export default async () => (await import("./program.ts")).program();
