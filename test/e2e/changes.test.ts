import { X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { helperLabel } from "../../components/files/helpers.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { curl } from "../support/curl.ts";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import type { DockerUser } from "../support/docker-user.ts";
import { dockerUser, makeRandomImage } from "../support/docker-user.ts";
import { poll } from "../support/poll.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { RequestLoad } from "../support/request-load.ts";

const docker = dockerClient({});
const MiB = 1024 * 1024;

describeWithEngines("Changes of a stack in use", (engine) => {
  let copy: ProjectCopy;
  let moby: DockerUser;
  let password: string;

  beforeAll(async () => {
    copy = await ProjectCopy.make({ engine, settings: { users: { moby: { password: "moby's password", cost: 4 } } } });
    password = "moby's password";
    await up();
    moby = await dockerUser();
    expect((await moby.login(copy.place, "moby", password)).exitCode).toBe(0);
    await push("first/image:1", 1000);
  });
  afterAll(async () => {
    await moby?.[Symbol.asyncDispose]();
    await copy?.[Symbol.asyncDispose]();
  });

  async function up(): Promise<void> {
    const { exitCode, all } = await copy.run("up", ["--no-verify"]);
    expect(exitCode, all).toBe(0);
  }
  async function push(name: string, bytes: number): Promise<void> {
    await makeRandomImage(`${copy.place}/${name}`, bytes);
    const { exitCode, all } = await moby.docker(["push", `${copy.place}/${name}`]);
    expect(exitCode, all).toBe(0);
  }
  const inspect = () => docker.getContainer(copy.name).inspect();
  const startedAt = async () => (await inspect()).State.StartedAt;
  const status = async (user: string, path = "/v2/") =>
    (await curl(`https://${copy.place}${path}`, { user, insecure: true })).status;
  const mobyAnswered = () => status(`moby:${password}`);
  const stillThere = async (tag = "1") => await status(`moby:${password}`, `/v2/first/image/manifests/${tag}`);
  const authority = async () => ((await copy.outputs()) as { caCertificate: string }).caCertificate;

  it("adding, changing and removing a user fails no request and restarts nothing", async () => {
    const before = await inspect();
    const load = new RequestLoad(20, mobyAnswered);
    copy.change({ "users.gordon": { password: "first", cost: 4 } });
    await up();
    expect(await status("gordon:first")).toBe(200);
    copy.change({ "users.gordon.password": "second" });
    await up();
    expect(await status("gordon:first")).toBe(401);
    expect(await status("gordon:second")).toBe(200);
    copy.change({ "users.gordon": undefined });
    await up();
    expect(await status("gordon:second")).toBe(401);
    const { sent, failures } = await load.end();
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThan(50);
    const after = await inspect();
    expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  });

  it("rotating a generated password lets the new one in, and only that", async () => {
    copy.change({ "users.robot": { generated: true } });
    await up();
    const { stdout: first } = await copy.run("password", ["robot"]);
    const before = await startedAt();
    const rotate = await copy.run("rotate", ["password", "robot"]);
    expect(rotate.exitCode, rotate.all).toBe(0);
    const { stdout: second } = await copy.run("password", ["robot"]);
    expect([await status(`robot:${first}`), await status(`robot:${second}`)]).toEqual([401, 200]);
    expect(await startedAt()).toBe(before);
  });

  it("rotating the certificate restarts in place; the gap is short, and a push under way succeeds", async ({
    annotate,
  }) => {
    const [before, oldCertificate, oldAuthority] = [await inspect(), await presented(copy.port), await authority()];
    // More than are needed: pushes follow each other until the restart is over.
    const images = Array.from({ length: 4 }, (_, i) => `${copy.place}/pushed/under-way:${i}`);
    for (const image of images) await makeRandomImage(image, 64 * MiB);
    const load = new RequestLoad(20, mobyAnswered);
    const rotate = copy.run("rotate", ["certificate"]);
    let rotated = false;
    rotate.then(() => {
      rotated = true;
    });
    const filters = { label: [`${helperLabel}=${copy.name}-files`] };
    await poll("files are about to change", async () => (await docker.listContainers({ all: true, filters }))[0], {
      deadline: 60_000,
      pause: 10,
    });
    const pushes: { begun: number; ended: number }[] = [];
    const pushAll = async (some: string[]) => {
      for (const image of some) {
        for (let isThrough = false; !isThrough && !rotated; ) {
          const begun = Date.now();
          const { exitCode, all } = await moby.docker(["push", image]);
          // Docker does not repeat its first question: a push that begins in the gap has to be typed again.
          isThrough = !/Get "[^"]*\/v2\/": /.test(all);
          if (isThrough) expect(exitCode, all).toBe(0);
          if (isThrough) pushes.push({ begun, ended: Date.now() });
        }
      }
    };
    // Two at a time: one of them is under way whatever the other does.
    await Promise.all([pushAll(images.slice(0, 2)), sleep(300).then(() => pushAll(images.slice(2)))]);
    const { exitCode, all } = await rotate;
    expect(exitCode, all).toBe(0);
    expect(all).toMatch(/0 failed, 0 skipped/);
    const { sent, failures, gap } = await load.end();
    const after = await inspect();
    const restart = Date.parse(after.State.StartedAt);
    expect(after.Id).toBe(before.Id);
    expect(restart).toBeGreaterThan(Date.parse(before.State.StartedAt));
    expect(pushes.some(({ begun, ended }) => begun < restart && restart < ended)).toBe(true);
    expect((await presented(copy.port)).fingerprint256).not.toBe(oldCertificate.fingerprint256);
    expect(await authority()).toBe(oldAuthority);
    expect(gap).toBeLessThan(15_000);
    await annotate(`with a push of 64 MiB under way: gap ${gap} ms, ${failures.length} of ${sent} requests refused`);
  });

  it("a certificate inside its renewal window shows at preview, with the reason, and the next up renews it", async ({
    annotate,
  }) => {
    copy.change({ "tls.certificate": { lifetime: "1 hour", renewBefore: "3585 seconds" } });
    await up();
    const old = await presented(copy.port);
    const preview = await poll(
      "preview shows an update",
      async () => {
        const { exitCode, all } = await copy.run("preview", ["--expect-no-changes"]);
        return exitCode === 0 ? undefined : all;
      },
      { deadline: 60_000, pause: 1000 },
    );
    expect(preview).toMatch(/expires \S+, inside the renewal window of 3585 seconds: it will be re-issued/);
    const load = new RequestLoad(20, mobyAnswered);
    await up();
    const { sent, failures, gap } = await load.end();
    expect((await presented(copy.port)).fingerprint256).not.toBe(old.fingerprint256);
    expect(gap).toBeLessThan(5_000);
    await annotate(`gap ${gap} ms, ${failures.length} of ${sent} requests refused`);
  });

  it("other hosts get a certificate of the same authority, and the daemon's trust follows", async () => {
    const ca = await authority();
    const name = "registry.localhost";
    copy.change({ hosts: ["127.0.0.1", name], "tls.certificate": undefined });
    await up();
    const certificate = await presented(copy.port);
    expect(certificate.subjectAltName).toBe(`IP Address:127.0.0.1, DNS:${name}`);
    expect(certificate.verify(new X509Certificate(ca).publicKey)).toBe(true);
    expect(await authority()).toBe(ca);
    const folders = [`127.0.0.1:${copy.port}`, `${name}:${copy.port}`];
    expect(copy.trustedFiles()).toEqual(folders.flatMap((folder) => [folder, `${folder}/ca.crt`]));
  });

  it("an option of the registry changes in place, and the images stay", async () => {
    const before = await inspect();
    expect(await status(`moby:${password}`, "/v2/first/image/manifests/1")).toBe(200);
    copy.change({ "registry.readOnly": true });
    await up();
    const after = await inspect();
    expect(after.Id).toBe(before.Id);
    expect(after.State.StartedAt).not.toBe(before.State.StartedAt);
    expect(await stillThere()).toBe(200);
    const refused = await moby.docker(["push", `${copy.place}/first/image:1`]);
    expect(refused.exitCode).toBe(1);
  });

  it("memory and processes change without a restart", async () => {
    const before = await inspect();
    copy.change({ "container.memory": 300, "container.processes": 200 });
    await up();
    const { Id, State, HostConfig } = await inspect();
    expect([Id, State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
    expect([HostConfig.Memory, HostConfig.PidsLimit]).toEqual([300 * MiB, 200]);
  });

  it("another port, processors and open files replace the container, keep the images, and are settled", async () => {
    const [before, oldPort] = [await inspect(), copy.port];
    copy.change({ port: await copy.anotherPort(), "container.cpus": 0.29, "container.nofile": 4096 });
    await up();
    const { Id, HostConfig } = await inspect();
    expect(Id).not.toBe(before.Id);
    expect(HostConfig).toMatchObject({ NanoCpus: 290_000_000, Ulimits: [{ Name: "nofile", Soft: 4096, Hard: 4096 }] });
    const { exitCode, all } = await copy.run("preview", ["--refresh", "--expect-no-changes"]);
    expect(exitCode, all).toBe(0);
    expect(await stillThere()).toBe(200);
    await expect(curl(`https://127.0.0.1:${oldPort}/`, { insecure: true })).rejects.toThrow("ECONNREFUSED");
    expect(copy.trustedFiles().some((file) => file.includes(String(oldPort)))).toBe(false);
  });
});

/** The certificate that a server on this machine presents. */
async function presented(port: number): Promise<X509Certificate> {
  const { promise, resolve, reject } = Promise.withResolvers<X509Certificate>();
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
    resolve(new X509Certificate(socket.getPeerCertificate().raw));
    socket.destroy();
  }).once("error", reject);
  return promise;
}
