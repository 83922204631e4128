import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { VolumeWriter } from "../../../components/files/volume-writer.ts";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { randomName } from "../../support/random-name.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const variables = ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "DOCKER_SSH_OPTS"];
const socket = "unix:///var/run/docker.sock";

describe("dockerClient", () => {
  beforeEach(() => {
    for (const name of variables) vi.stubEnv(name, undefined);
  });
  const reached = (url?: string) => {
    const { modem } = dockerClient(url === undefined ? {} : { url });
    const { protocol, host, port, socketPath } = modem as unknown as Record<string, unknown>;
    return socketPath ?? `${protocol} ${host} ${port}`;
  };

  it("takes an empty DOCKER_HOST for none", () => {
    vi.stubEnv("DOCKER_HOST", "");
    expect(reached()).toBe("/var/run/docker.sock");
  });

  it("reaches IPv6 addresses, and sockets in folders with spaces", () => {
    expect(reached("tcp://[::1]:2375")).toBe("http ::1 2375");
    expect(reached("unix:///run/my docker/docker.sock")).toBe("/run/my docker/docker.sock");
  });

  it("names what is no Docker host", () => {
    expect(() => dockerClient({ url: "127.0.0.1" })).toThrow(
      /The Docker host "127.0.0.1" is not of the form unix:\/\//,
    );
  });

  it("sends nothing in plain text where TLS is asked for and its files are not named", () => {
    vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");
    vi.stubEnv("DOCKER_TLS_VERIFY", "1");
    expect(() => dockerClient({})).toThrow(/DOCKER_CERT_PATH/);
  });

  it("refuses a context that no command of the kit has followed, and says what to type", () => {
    vi.stubEnv("DOCKER_CONTEXT", "elsewhere");
    vi.stubEnv("DOCKER_HOST", socket);
    expect(() => dockerClient({})).toThrow(/"elsewhere" is active, .* Type: unset DOCKER_CONTEXT$/);
    expect(() => dockerClient({ url: socket })).toThrow(/unset DOCKER_CONTEXT/);
  });
});

describeWithDocker("dockerClient with a real engine", () => {
  const volume = randomName("ssh");
  afterAll(() => dockerClient({}).getVolume(volume).remove({ force: true }));

  it("takes a named socket, whatever host and TLS the environment asks for", async () => {
    vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");
    vi.stubEnv("DOCKER_TLS_VERIFY", "1");
    expect(String(await dockerClient({ url: socket }).ping())).toBe("OK");
  });

  it("reaches ssh:// by the ssh command, so that known hosts, keys and configuration are the user's", async () => {
    await using folder = await temporaryFolder();
    const said = join(folder.path, "said");
    const ssh = `#!/bin/sh\necho "$@" >>'${said}'\nexec docker system dial-stdio\n`;
    writeFileSync(join(folder.path, "ssh"), ssh, { mode: 0o755 });
    vi.stubEnv("PATH", [folder.path, process.env.PATH].join(delimiter));
    vi.stubEnv("DOCKER_SSH_OPTS", "-o StrictHostKeyChecking=yes");
    const docker = dockerClient({ url: "ssh://kit@registry.example:2222" });
    await docker.createVolume({ Name: volume });
    const writer = new VolumeWriter(docker, volume, "registry:3.1.2");
    await writer.replace([{ name: "a", content: "over ssh", mode: 0o400 }], { uid: 0, gid: 0 });
    expect([...((await writer.read()) ?? []).keys()]).toEqual(["a"]);
    expect(readFileSync(said, "utf8").split("\n")[1]).toMatch(
      / -o StrictHostKeyChecking=yes -l kit -p 2222 -- registry\.example docker system dial-stdio$/,
    );
  });
});
