import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SshNode } from "../../test/support/ssh-node.ts";
import { makeSshKeys, sshNodeObstacle, startSshNode } from "../../test/support/ssh-node.ts";
import { makeTestAuthority } from "../../test/support/test-certificates.ts";
import type { Bench, Measure } from "../harness/bench.ts";
import { interleave } from "../harness/interleave.ts";
import { PulumiProject } from "../harness/pulumi-project.ts";

const many = 50;

/** Trust on many nodes by ssh, each a real sshd with mounts of its own on this machine, against one node. */
export const trustNodes: Measure = {
  name: "trust-nodes",
  figures: ["trust-nodes", "trust-nodes-again"],
  async run(bench) {
    const obstacle = await sshNodeObstacle();
    if (obstacle) throw new Error(obstacle);
    const keys = await makeSshKeys();
    bench.leftovers.add("ssh keys", async () => keys[Symbol.asyncDispose]());
    const nodes: SshNode[] = [];
    for (let number = 0; number <= many; number++) {
      const node = await startSshNode(keys, { users: false });
      bench.leftovers.add(`sshd on port ${node.connection.port}`, async () => node[Symbol.asyncDispose]());
      nodes.push(node);
    }
    const fifty = await makeProject(bench, nodes.slice(1));
    const one = await makeProject(bench, nodes.slice(0, 1));
    const again = { fifty: [] as number[], one: [] as number[] };
    /** From nothing; then a run that finds nothing to do. */
    const measure = async (project: PulumiProject, unchanged: number[]) => {
      const time = await project.run("up");
      unchanged.push(await project.run("up"));
      await project.run("destroy");
      return time;
    };
    const values = await interleave(bench, {
      fifty: () => measure(fifty, again.fifty),
      one: () => measure(one, again.one),
    });
    return [
      {
        name: "trust-nodes",
        title: `First up of trust on ${many} nodes by ssh; on one node`,
        unit: "ms",
        subject: { label: `${many} nodes`, values: values.fifty },
        reference: { label: "one node", values: values.one },
        bound: { kind: "target", atMost: 5 },
      },
      {
        name: "trust-nodes-again",
        title: `up of trust on ${many} nodes without changes; on one node`,
        unit: "ms",
        subject: { label: `${many} nodes`, values: again.fifty },
        reference: { label: "one node", values: again.one },
        bound: { kind: "target", atMost: 2 },
      },
    ];
  },
};

async function makeProject(bench: Bench, nodes: SshNode[]): Promise<PulumiProject> {
  const program = `
    import { readFileSync } from "node:fs";
    import { NodeTrust } from "./components/trust/node-trust.ts";
    const { nodes, certificatePem } = JSON.parse(readFileSync(new URL("./nodes.json", import.meta.url), "utf8"));
    const registry = { hosts: ["registry.test"], port: 5000, certificatePem };
    for (const [number, node] of nodes.entries()) new NodeTrust(\`node-\${number}\`, { ...registry, ...node });
  `;
  const project = await PulumiProject.make(bench, {
    project: { plugins: { providers: [{ name: "registry-kit", path: "./provider" }] } },
    program,
    packages: ["@pulumi/pulumi"],
    folders: ["lib", "components", "provider", "engine"],
  });
  const places = nodes.map(({ connection, login }) => ({ connection, login }));
  const { certificate } = await makeTestAuthority();
  await writeFile(join(project.folder, "nodes.json"), JSON.stringify({ nodes: places, certificatePem: certificate }));
  // It leaves nothing to destroy, but an interrupted run may.
  await project.firstUp();
  await project.run("destroy");
  return project;
}
