import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { clearTransportProblem } from "../../../stacks/docker-host/clear-transport.ts";
import { testSettings } from "../../support/test-settings.ts";

describe("A Docker host over TCP", () => {
  beforeEach(() => {
    for (const name of ["DOCKER_HOST", "DOCKER_CERT_PATH"]) vi.stubEnv(name, undefined);
  });
  afterEach(() => vi.unstubAllEnvs());

  const said = (docker: object) => {
    const settings = testSettings({ hosts: ["127.0.0.1"], docker });
    return clearTransportProblem(settings) ? "refused" : "taken";
  };

  it.each([
    [{ url: "tcp://10.0.0.9:2375" }, "refused"],
    [{ url: "tcp://docker.example.com" }, "refused"],
    [{ url: "tcp://[fd00::9]:2375" }, "refused"],
    [{ url: "tcp://10.0.0.9:2375", insecure: "i-understand" }, "taken"],
    [{ url: "tcp://10.0.0.9:2376", certPath: "/root/certs" }, "taken"],
    [{ url: "tcp://127.0.0.1:2375" }, "refused"],
    [{ url: "tcp://localhost:2375" }, "refused"],
    [{ url: "tcp://[::1]:2375" }, "refused"],
    [{ url: "tcp://127.0.0.1:2375", insecure: "i-understand" }, "taken"],
    [{ url: "tcp://127.0.0.1:2376", certPath: "/root/certs" }, "taken"],
    [{ url: "ssh://root@10.0.0.9" }, "taken"],
    [{ url: "unix:///var/run/docker.sock" }, "taken"],
  ] as const)("%o is %s", (docker, expected) => {
    expect(said(docker)).toBe(expected);
  });

  it("is judged by DOCKER_HOST, too, and named as what it came from", () => {
    vi.stubEnv("DOCKER_HOST", "tcp://10.0.0.9:2375");
    const problem = clearTransportProblem(testSettings({ hosts: ["127.0.0.1"] }));
    expect(problem?.path).toBe("docker.insecure");
    expect(problem?.reason).toContain("DOCKER_HOST is tcp://10.0.0.9:2375, without TLS");
    vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:2375");
    const local = clearTransportProblem(testSettings({ hosts: ["127.0.0.1"] }));
    expect(local?.reason).toContain("every user and every program of this machine that reaches the port is root there");
    vi.stubEnv("DOCKER_CERT_PATH", "/root/certs");
    expect(clearTransportProblem(testSettings({ hosts: ["127.0.0.1"] }))).toBeUndefined();
  });
});
