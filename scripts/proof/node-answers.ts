import type { PublishedNode } from "./published-nodes.ts";

/** Name of the check that a node answers. */
export function nodeAnswers({ hostname }: PublishedNode): string {
  return `node ${hostname} answers`;
}
