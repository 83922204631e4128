// The pack's entry. Plain JavaScript: it must be readable by a Node that is too old, to say so.
import "../lib/start-up/own-environment.cjs";
import { requireNode } from "../lib/start-up/require-node.js";

requireNode();
// Not awaited: the Pulumi CLI loads this file with require(), which takes no module that waits.
import("./pack.ts");
