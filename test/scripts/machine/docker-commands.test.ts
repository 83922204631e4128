import { expect, it } from "vitest";
import { dockerCommands, type Machine } from "../../../scripts/machine/docker-commands.ts";

const debian: Machine = { platform: "linux", family: ["debian"], root: false, systemd: true, installed: false };

it.each<[string, Partial<Machine>, string]>([
  [
    "Debian",
    {},
    "sudo apt-get update && sudo apt-get install -y docker.io iptables && sudo systemctl enable --now docker",
  ],
  [
    "Debian as root without systemd",
    { root: true, systemd: false },
    "apt-get update && apt-get install -y docker.io iptables && dockerd &",
  ],
  [
    "a system made of Ubuntu",
    { family: ["linuxmint", "ubuntu", "debian"] },
    "sudo apt-get update && sudo apt-get install -y docker.io iptables && sudo systemctl enable --now docker",
  ],
  ["an engine that does not run", { installed: true }, "sudo systemctl enable --now docker"],
  ["Alpine", { family: ["alpine", ""], root: true, systemd: false }, "apk add docker && rc-service docker start"],
  ["an unknown Linux", { family: ["plan9"] }, "the steps for your system in https://docs.docker.com/engine/install/"],
  ["macOS", { platform: "darwin", family: [""] }, "brew install colima docker && colima start"],
  ["Windows", { platform: "win32", family: [""] }, "winget install Docker.DockerDesktop, then start Docker Desktop"],
])("what to type on %s", (_name, machine, commands) => {
  expect(dockerCommands({ ...debian, ...machine })).toBe(commands);
});
