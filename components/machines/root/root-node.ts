import { localNode } from "../local-node.ts";
import type { Node } from "../node.ts";
import { shellNode } from "../shell/shell-node.ts";
import { rootShell } from "./root-shell.ts";

/** This machine with root's rights, for a user who has none but may use sudo; undefined: sudo gives none without a question. */
export async function rootNode(): Promise<Node | undefined> {
  const shell = await rootShell();
  return shell && { ...shellNode(shell), home: localNode.home };
}
