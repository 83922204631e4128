import type { Node } from "../machines/node.ts";
import type { ClientName } from "./client-name.ts";
import { clientNames } from "./client-name.ts";

/** containerd alone may only be there to serve dockerd: those who use it themselves are looked for. */
const programs: Record<ClientName, string[]> = {
  docker: ["dockerd"],
  containerd: ["nerdctl", "crictl", "kubelet"],
  podman: ["podman", "crio"],
};

/** The clients that a node has, by their programs. @throws where it has none */
export async function detectClients(node: Node): Promise<ClientName[]> {
  const names = Object.values(programs).flat().join(" ");
  const script = `for p in ${names}; do command -v "$p" >/dev/null && echo "$p"; done; :`;
  const { stdout } = await node.run(["sh", "-c", `PATH=$PATH:/usr/local/bin:/usr/sbin:/sbin; ${script}`]);
  const found = stdout.split("\n");
  const clients = clientNames.filter((client) => programs[client].some((program) => found.includes(program)));
  if (clients.length > 0) return clients;
  throw new Error(
    `no registry client was found (${names.replaceAll(" ", ", ")}). Install one, or name them: clients: [docker].`,
  );
}
