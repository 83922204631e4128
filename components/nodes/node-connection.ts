import { z } from "zod";
import { localNodeFiles } from "./local-node-files.ts";
import type { NodeFiles } from "./node-files.ts";

/** How to reach a node; `type` says which. */
export const nodeConnection = z.discriminatedUnion("type", [z.strictObject({ type: z.literal("local") })], {
  error: 'must be { type: "local" }: the machine that runs the kit',
});

export type NodeConnection = z.infer<typeof nodeConnection>;

/** The files of the node at the other end. */
export function nodeFiles(connection: NodeConnection): NodeFiles {
  switch (connection.type) {
    case "local":
      return localNodeFiles;
  }
}
