import { z } from "zod";
import { localNode } from "./local-node.ts";
import type { Node } from "./node.ts";
import type { SshLogin } from "./ssh/ssh-login.ts";
import { defaultLogin, sshPlace } from "./ssh/ssh-login.ts";

/** Which node it is; `type` says how it is reached. */
export const nodeConnection = z.discriminatedUnion(
  "type",
  [z.strictObject({ type: z.literal("local") }), z.strictObject({ type: z.literal("ssh"), ...sshPlace.shape })],
  { error: 'must be { type: "local" }, the machine that runs the kit, or { type: "ssh", host, port }' },
);

export type NodeConnection = z.infer<typeof nodeConnection>;

/** Does work on the node at the other end. @throws where there is no way to it, with the node's name */
export async function withNode<Result>(
  connection: NodeConnection,
  login: SshLogin | undefined,
  work: (node: Node) => Promise<Result>,
): Promise<Result> {
  switch (connection.type) {
    case "local":
      return work(localNode);
    case "ssh": {
      // Only then is there anything of ssh to load.
      const { withSshNode } = await import("./ssh/ssh-nodes.ts");
      const { host, port } = connection;
      return withSshNode({ host, port }, login ?? defaultLogin, work);
    }
  }
}

/** A node for ids and messages: `local`, `node.example.com:22`. */
export function nodeName(connection: NodeConnection): string {
  return connection.type === "local" ? "local" : `${connection.host}:${connection.port}`;
}
