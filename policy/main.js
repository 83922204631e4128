// The pack's entry. Plain JavaScript: it must be readable by a Node that is too old, to say so.
import "../scripts/own-environment.cjs";
import { requireNode } from "../scripts/require-node.js";

requireNode();
// Not awaited: the Pulumi CLI loads this file with require(), which takes no module that waits.
import("./pack.ts");
