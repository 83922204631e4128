import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { findSecrets } from "../../scripts/proof/find-secrets.ts";
import { loadSettings } from "../../stacks/loading/load-settings.ts";
import { checkHost } from "../../stacks/preflight.ts";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import type { DockerNode } from "../support/docker-node.ts";
import type { NodeNetwork } from "../support/node-network.ts";
import { dockerNodeObstacle, nodeNetwork } from "../support/node-network.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { registryImage } from "../support/start-registry.ts";

const obstacle = await dockerNodeObstacle(registryImage);
const title = `The stack as a service of a swarm that it makes itself${obstacle ? ` (skipped: ${obstacle})` : ""}`;

describeWithEngines(title, (engine) => {
  let network: NodeNetwork;
  let node: DockerNode;
  let copy: ProjectCopy;

  beforeAll(async () => {
    if (obstacle) return;
    network = await nodeNetwork();
    node = await network.startNode();
    await node.load(registryImage);
    copy = await ProjectCopy.make({
      engine,
      settings: {
        docker: { url: `unix://${node.folder}/docker.sock` },
        // Every second counts: these are waited for in each deployment.
        service: { publish: "ingress", network: {}, health: { interval: "1s" }, update: { monitor: "1s" } },
        swarm: { initialize: true },
        trust: "none",
      },
    });
  });
  afterAll(async () => {
    await copy?.[Symbol.asyncDispose]();
    await network?.[Symbol.asyncDispose]();
  });

  const test = it.skipIf(obstacle);
  /** What says nothing about engines, and takes its time. */
  const once = (name: string, body: () => Promise<void>) => engine === "builtin" && test(name, body);
  const lines = async (...args: string[]) => (await node.docker(...args)).split("\n").filter(Boolean).toSorted();
  /** What the program would refuse at preview with these changes of the settings; they are taken back. */
  const problems = async (changes: Record<string, unknown>) => {
    const before = copy.settingsText();
    copy.change(changes);
    const { config } = parse(copy.settingsText()) as { config: Record<string, unknown> };
    copy.restore(before);
    const values = Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const configuration = { values: Object.fromEntries(values), project: "registry-kit", stack: "dev" };
    const found = await checkHost(loadSettings(configuration, new Date()), "dev");
    return found.map(({ path, reason }) => `${path} ${reason}`);
  };
  const secrets = () => lines("secret", "ls", "--format", "{{.Name}}");
  const files = (names: string[]) => names.map((name) => /-(config\.yml|htpasswd|server\.\w+)-/.exec(name)?.[1]);

  test("says what to type where there is no swarm", async () => {
    expect(await problems({ swarm: {} })).toEqual([
      expect.stringMatching(/^docker\.url is unix:\S+, which is in no swarm\. Type: docker --host unix:\S+ swarm init/),
    ]);
    expect(await problems({})).toEqual([]);
  });

  test("makes the swarm, runs there, and has nothing to do at a second look", async () => {
    const up = await copy.run("up", ["--no-verify"]);
    expect(up.exitCode, up.all).toBe(0);
    expect(files(await secrets())).toEqual(["config.yml", "htpasswd", "server.crt", "server.key"]);
    // As the drift workflow looks at it: by what is really there.
    const preview = await copy.run("preview", ["--refresh", "--expect-no-changes"]);
    expect(preview.exitCode, preview.all).toBe(0);
    const status = await copy.run("status", ["--json"]);
    expect(JSON.parse(status.stdout)).toMatchObject({
      running: true,
      state: "1 of 1 tasks run",
      image: expect.stringMatching(/^registry:3\.1\.2.*sha256:/),
      service: { name: copy.name, mode: "replicated", tasks: [{ state: "running", wanted: true }] },
    });
  });

  test("joins a network that is there, by its name, and has nothing to do at a second look", async () => {
    await node.docker("network", "create", "--driver", "overlay", "joined");
    copy.change({ "service.networks": ["joined"] });
    const up = await copy.run("up", ["--no-verify"]);
    expect(up.exitCode, up.all).toBe(0);
    const of = "{{range .Spec.TaskTemplate.Networks}}{{.Target}} {{end}}";
    const joined = (await node.docker("service", "inspect", copy.name, "--format", of)).trim().split(" ");
    const ids = await lines("network", "ls", "--no-trunc", "--filter", "name=joined", "--format", "{{.ID}}");
    expect(joined).toHaveLength(2);
    expect(joined).toContain(ids[0]);
    const preview = await copy.run("preview", ["--refresh", "--expect-no-changes"]);
    expect(preview.exitCode, preview.all).toBe(0);
  });

  test("shows no secret to who may look at the service", async () => {
    const { passwords, guarded } = (await copy.outputs()) as { passwords: Record<string, string>; guarded: string[] };
    const docker = dockerClient({ url: `unix://${node.folder}/docker.sock` });
    const seen = [await docker.listServices(), await docker.listTasks(), await docker.listSecrets()];
    expect(guarded).toHaveLength(4);
    expect(findSecrets(seen, [...guarded, ...Object.values(passwords)])).toEqual([]);
  });

  test("scaled to none by hand, or removed by hand, is put back by the next up, which waits for it", async () => {
    const isPutBack = async (found: string) => {
      const { exitCode, all } =
        engine === "builtin" ? await copy.run("up", ["--no-verify"]) : await copy.pulumi(["up", "--refresh", "--yes"]);
      expect(exitCode, all).toBe(0);
      if (engine === "builtin") expect(all).toContain(`Found: service ${copy.name} ${found}.`);
      expect(await node.docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}")).toBe(`${copy.name} 1/1`);
    };
    await node.docker("service", "scale", "--detach", `${copy.name}=0`);
    await isPutBack("was scaled to 0 tasks");
    await node.docker("service", "rm", copy.name);
    await isPutBack("is gone");
  });

  once("names the routing mesh where tasks run and the node's port carries nothing", async () => {
    // From outside of the node: nothing answers on this machine's port, as on a kernel without IPVS.
    const verify = await copy.run("verify");
    expect(verify.exitCode).toBe(1);
    expect(verify.all).toMatch(/^FAILED +node \S+ answers .*routing mesh.*IPVS.*service\.publish to host/m);
    expect(verify.all).toMatch(/^skipped +registry answers/m);
  });

  once("an update that fails is rolled back, says why, and can be taken back", async () => {
    const before = await secrets();
    const good = copy.settingsText();
    await makeBrokenImage(node);
    copy.change({ "image.name": "registry:9.9.9", "users.anna": { generated: true } });
    const failed = await copy.run("up", ["--no-verify"]);
    expect(failed.exitCode).toBe(1);
    expect(failed.all).toMatch(/roll(ed )?back/);
    expect(failed.all).toMatch(/no such file or directory|executable file not found/);
    expect(await node.docker("service", "inspect", "--format", "{{.UpdateStatus.State}}", copy.name)).toMatch(
      /^rollback/,
    );

    copy.restore(good);
    const back = await copy.run("up", ["--no-verify"]);
    expect(back.exitCode, back.all).toBe(0);
    const htpasswd = (names: string[]) => names.find((name) => name.includes("-htpasswd-"));
    const after = await secrets();
    // The old one was still there when its content came back.
    expect(htpasswd(after)).toBe(`${htpasswd(before)}-2`);
    expect(files(after)).toEqual(["config.yml", "htpasswd", "server.crt", "server.key"]);
  });

  test("a port, a name and a volume that another service has are refused", async () => {
    const port = await copy.anotherPort();
    const service = [
      "service",
      "create",
      "--detach",
      "--no-resolve-image",
      "--label",
      "io.registry-kit.registry=other",
    ];
    const mount = ["--mount", "type=volume,source=others-data,target=/var/lib/registry"];
    await node.docker(...service, ...mount, "--publish", `${port}:5000`, "--name", "other", registryImage);
    const volume = { name: "others-data" };
    expect(await problems({ port, name: "other", "storage.volume": volume, "service.networks": ["nowhere"] })).toEqual([
      expect.stringMatching(/^name is other, which a service that the kit did not make has already/),
      `port is ${port}, which service other uses already. Choose another port, or stop it.`,
      expect.stringMatching(/^storage\.volume\.name is others-data, where the registry other has its images/),
      expect.stringMatching(/^service\.networks names nowhere, and there is no such overlay network/),
    ]);
    await node.docker("service", "rm", "other");
  });

  test("a container of the stack has to go before it is a service, and the other way round", async () => {
    expect(await problems({ service: undefined, swarm: undefined })).toEqual([
      expect.stringMatching(/^service is no longer set, and this stack runs its registry as a service/),
    ]);
    const labels = ["--label", `io.registry-kit.registry=${copy.name}`, "--label", "io.registry-kit.stack=dev"];
    const container = await node.docker("create", ...labels, registryImage);
    expect(await problems({})).toEqual([
      expect.stringMatching(/^service is new, and this stack runs its registry as a container/),
    ]);
    await node.docker("rm", container);
  });

  test("keeps the images, and leaves the swarm that it made, when it is taken down", async () => {
    const down = await copy.run("down");
    expect(down.exitCode, down.all).toBe(0);
    expect(down.all).toContain(`Kept: volume ${copy.volume}`);
    expect(await node.docker("info", "--format", "{{.Swarm.LocalNodeState}}")).toBe("inactive");
    expect(await lines("volume", "ls", "--format", "{{.Name}}")).toContain(copy.volume);
  });
});

/** An image that can't be started: it has the registry's files, and a program that is none of them. */
async function makeBrokenImage(node: DockerNode): Promise<void> {
  const container = await node.docker("create", registryImage);
  await node.docker("commit", "--change", 'ENTRYPOINT ["/no/such/program"]', container, "registry:9.9.9");
  await node.docker("rm", container);
}
