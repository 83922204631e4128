import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { earlierDefaults } from "../../../stacks/registry/earlier-defaults.ts";
import { newRegistryProblems } from "../../../stacks/registry/new-registry-problems.ts";
import { rootProblem } from "../../../stacks/registry/root-problem.ts";
import { linkedFolderProblems } from "../../../stacks/storage/linked-folder-problems.ts";
import { sensitiveFolderProblems } from "../../../stacks/storage/sensitive-folder-problems.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { testSettings } from "../../support/test-settings.ts";

const given = (storage: object, more: object = {}) => ({ hosts: ["127.0.0.1"], storage, ...more });
const problems = (storage: object, more: object = {}) =>
  sensitiveFolderProblems(testSettings(given(storage, more))).map(({ path, reason }) => `${path} ${reason}`);
const bind = (path: string) => ({ bindMount: { path } });
const volume = (driverOptions: Record<string, string>, driver?: string) => ({
  volume: { name: "images", driverOptions, ...(driver ? { driver } : {}) },
});

describe("A folder of the host as storage", () => {
  it.each([
    ...["/", "//", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr", "/etc/", "/etc/docker", "/srv/../etc"],
    ...["/var/run", "/run", "/root", "/var/lib/docker", "/var/lib/docker/volumes", "/var/run/docker.sock"],
    ...["/var/snap/docker/common", "/var/lib/systemd", "/snap", "/nix/store", "/home/gordon/.local/share/docker"],
    ...["/usr/share/../../etc/./docker/", "/home", "/home/gordon", "/home/gordon/.ssh", "/var", "/srv/app/docker.sock"],
  ])("%s is refused", (path) => {
    expect(problems(bind(path))).toEqual([expect.stringMatching(/^storage\.bindMount\.path is \//)]);
  });

  it.each([
    "/srv/registry",
    "/home/gordon/images",
    "/mnt/disk",
    "/opt/registry",
    "/var/lib/registry",
    "/var/snap/registry/common",
    "/home/gordon/.local/share/registry",
    "/etcetera",
    "/data",
  ])("%s is taken", (path) => {
    expect(problems(bind(path))).toEqual([]);
  });

  it.each([
    { type: "none", o: "bind", device: "/" },
    { type: "none", o: "rbind,ro", device: "/etc/" },
    { type: "overlay", o: "lowerdir=/srv/a:/,upperdir=/srv/b,workdir=/srv/c", device: "overlay" },
    { type: "proc", device: "proc" },
    { type: "sysfs", device: "sysfs" },
  ])("is refused where options of a volume lead to it: %o", (options) => {
    expect(problems(volume(options))).toEqual([expect.stringMatching(/^storage\.volume\.driverOptions show \//)]);
  });

  it("is refused where another driver's options name it", () => {
    expect(problems(volume({ mountpoint: "/etc" }, "local-persist"))).toHaveLength(1);
    expect(
      problems(volume({ remote: ":local:/etc", "vfs-cache-mode": "writes", "vfs-write-back": "0s" }, "rclone")),
    ).toHaveLength(1);
  });

  it("may be a share of another machine, or a disk", () => {
    expect(problems(volume({ type: "nfs", o: "addr=10.0.0.9,rw", device: ":/images" }))).toEqual([]);
    expect(problems(volume({ type: "ext4", device: "/dev/sdb1" }))).toEqual([]);
  });

  it("is refused where it holds the socket of the Docker host", () => {
    const docker = { url: "unix:///srv/docker/docker.sock" };
    expect(problems(bind("/srv/docker"), { docker })).toEqual([expect.stringContaining("where a Docker socket is")]);
  });

  it("is refused where a symbolic link leads to one, in the middle of the path too", async () => {
    await using folder = await temporaryFolder();
    symlinkSync("/etc", join(folder.path, "link"));
    mkdirSync(join(folder.path, "images"));
    const found = (path: string) => linkedFolderProblems(testSettings(given(bind(path)))).map(({ reason }) => reason);
    expect(found(join(folder.path, "link"))).toEqual([
      expect.stringContaining("link, which is /etc, a folder of the system"),
    ]);
    expect(found(join(folder.path, "link/ssl"))).toEqual([
      expect.stringContaining("which is /etc/ssl, inside of /etc"),
    ]);
    expect(found(join(folder.path, "images"))).toEqual([]);
  });
});

describe("A registry on a folder of the host's system", () => {
  const keys = { tls: { keyType: "rsa" } };
  const container = { user: "1000:1000", network: "own" };
  it.each([
    ["in a container", { container, ...keys }],
    ["as a service", { service: { user: "1000:1000" }, ...keys }],
  ])("%s: a new one is refused, an earlier one is warned of it once", (_, more) => {
    const settings = testSettings(given(bind("/etc/registry"), more));
    const text = "storage.bindMount.path is /etc/registry, inside of /etc, a folder of the system";
    expect(newRegistryProblems(settings).map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      expect.stringContaining(text),
    ]);
    expect(earlierDefaults(settings, [1])?.split(text)).toHaveLength(2);
    expect(earlierDefaults(settings, [2])).toBeUndefined();
  });
});

describe("Root with a folder of the host", () => {
  const of = (container: object | undefined, defaults: 1 | 2) =>
    rootProblem(testSettings(given(bind("/srv/none-there"), container ? { container } : {})), defaults)?.path;

  it.each([
    [undefined, "container.user", "container.root"],
    [{ user: "0:0" }, "container.root", "container.root"],
    [{ user: "00:5" }, "container.root", "container.root"],
    [{ user: "1000:1000" }, undefined, undefined],
    [{ user: "0:0", root: "i-understand" }, undefined, undefined],
  ] as const)("%o: a new registry must say %s, an earlier one is warned of %s", (container, fresh, earlier) => {
    expect([of(container, 2), of(container, 1)]).toEqual([fresh, earlier]);
  });
});
