import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { debianPackage } from "../support/debian-package.ts";
import { nodeAddress } from "../support/docker-node.ts";
import type { NodeNetwork } from "../support/node-network.ts";
import { poll } from "../support/poll.ts";

/** A machine with a kernel of its own, where Docker listens. It ends with this process and with its network. */
export interface VirtualMachine {
  /** Its host name. */
  name: string;
  address: string;
  /** Reached from inside the network. */
  dockerHost: string;
  /** Runs the docker CLI against its daemon, for two minutes at most, and returns what it printed. */
  docker(...arguments_: string[]): Promise<string>;
}

/** Without hardware support a machine is some ten times slower than this one. */
const timeout = 120_000;

/** Why there can be no such machines here; undefined: there can. The first call on a machine loads 70 MB. */
export async function virtualMachineObstacle(): Promise<string | undefined> {
  if (process.arch !== "x64") return `no recipe for ${process.arch}`;
  if ((await execa("sh", ["-c", ": <>/dev/net/tun"], { reject: false })).failed) return "no /dev/net/tun";
  for (const tool of ["busybox", "mke2fs"]) {
    if ((await execa("sh", ["-c", `command -v ${tool}`], { reject: false })).failed) return `no ${tool}`;
  }
  return findParts().then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/**
 * Starts machines at the switch of a network, with Debian's kernel for clouds, which has IPVS, and the Docker of this one.
 * Each has the image. QEMU computes every instruction (TCG): nothing is asked of the processor.
 */
export async function startVirtualMachines(
  network: NodeNetwork,
  numbers: number[],
  image: string,
): Promise<VirtualMachine[]> {
  const { qemu, kernel } = await findParts();
  // A daemon here unpacks the image in two seconds; there it would take half a minute.
  const donor = await network.startNode();
  await donor.load(image);
  await donor.powerOff();
  const folder = join(donor.folder, "machine");
  const data = join(folder, "docker");
  await mkdir(data, { recursive: true });
  for (const part of ["image", "overlay2"]) {
    await execa("cp", ["--archive", join(donor.folder, "data", part), data], { timeout });
  }
  const script = join(import.meta.dirname, "guest", "build-disk.sh");
  await execa(script, [kernel, data, folder], { timeout: 2 * timeout });
  return await Promise.all(numbers.map((number) => boot({ network, qemu, kernel, folder, number })));
}

interface Machine {
  network: NodeNetwork;
  qemu: string;
  kernel: string;
  /** With the disk, which none of the machines changes. */
  folder: string;
  number: number;
}

async function boot({ network, qemu, kernel, folder, number }: Machine): Promise<VirtualMachine> {
  const name = `machine${number}`;
  const address = nodeAddress(number);
  const tap = `tap${number}`;
  await execa(...network.inside("sh", ["-ec", `ip tuntap add ${tap} mode tap; ip link set ${tap} master br0 up`]));
  const [image = ""] = (await readdir(join(kernel, "boot"))).filter((file) => file.startsWith("vmlinuz-"));
  const share = join(qemu, "usr", "share");
  const parameters = [
    ...["-L", join(share, "qemu"), "-L", join(share, "seabios")],
    ...["-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-m", "1536"],
    ...["-nodefaults", "-display", "none", "-serial", `file:${join(folder, name)}.log`, "-no-reboot"],
    ...["-kernel", join(kernel, "boot", image), "-initrd", join(folder, "initrd")],
    ...["-append", `console=ttyS0 quiet panic=-1 name=${name} address=${address}`],
    ...["-drive", `file=${join(folder, "disk.ext4")},format=raw,if=virtio,snapshot=on`],
    ...["-netdev", `tap,id=net,ifname=${tap},script=no,downscript=no`],
    ...["-device", `virtio-net-pci,netdev=net,mac=02:00:00:00:01:${number.toString(16).padStart(2, "0")}`],
  ];
  const libraries = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map((path) => join(qemu, path)).join(":");
  const program = join(qemu, "usr", "bin", "qemu-system-x86_64");
  // Its changes to the disk are in a file without a name in TMPDIR.
  const env = { LD_LIBRARY_PATH: libraries, TMPDIR: folder };
  let ended: string | undefined;
  execa(...network.inside(program, parameters), { env, reject: false, all: true }).then(({ all, shortMessage }) => {
    ended = all || shortMessage;
  });
  const dockerHost = `tcp://${address}:2375`;
  const docker = async (...arguments_: string[]) =>
    (await execa(...network.inside("docker", ["--host", dockerHost, ...arguments_]), { timeout, stdin: "ignore" }))
      .stdout;
  await poll(
    `Docker answers on ${name}`,
    async () => {
      if (ended) throw new Error(ended);
      return await docker("version");
    },
    { deadline: 2 * timeout, pause: 1_000 },
  );
  return { name, address, dockerHost, docker };
}

async function findParts(): Promise<{ qemu: string; kernel: string }> {
  return { qemu: await debianPackage("qemu-system-x86"), kernel: await debianPackage("linux-image-cloud-amd64") };
}
