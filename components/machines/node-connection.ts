import { z } from "zod";
import { localNode } from "./local-node.ts";
import type { Node } from "./node.ts";
import { rootNode } from "./root/root-node.ts";
import type { SshLogin } from "./ssh/ssh-login.ts";
import { defaultLogin, sshPlace } from "./ssh/ssh-login.ts";

const typeText = "local: the machine that runs the kit; ssh: another one, by its host and port.";

/** Which node it is; `type` says how it is reached. */
export const nodeConnection = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("local").describe(typeText) }),
    z.strictObject({ type: z.literal("ssh").describe(typeText), ...sshPlace.shape }),
  ],
  { error: 'must be { type: "local" }, the machine that runs the kit, or { type: "ssh", host, port }' },
);

export type NodeConnection = z.infer<typeof nodeConnection>;

/**
 * Does work on the node at the other end.
 * @param needsRoot whether this user's own rights on this machine are not enough: the work then has root's, where sudo gives them
 * without a question, or gave them to the command that runs this. @throws where there is no way to it, with the node's name
 */
export async function withNode<Result>(
  connection: NodeConnection,
  login: SshLogin | undefined,
  work: (node: Node) => Promise<Result>,
  needsRoot: (node: Node) => Promise<boolean> = async () => false,
): Promise<Result> {
  switch (connection.type) {
    case "local": {
      const own = process.geteuid?.() === 0 || !(await needsRoot(localNode));
      return work((own ? undefined : await rootNode()) ?? localNode);
    }
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
