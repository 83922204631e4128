import { execa } from "execa";
import { pollUntil } from "./namespace.ts";

const timeout = 60_000;

/**
 * Removes the control groups whose names begin so: the kernel keeps the empty ones of killed containers. They can go
 * when the last process has.
 */
export async function removeControlGroups(name: string): Promise<void> {
  const find = ["/sys/fs/cgroup", "-depth", "-type", "d", "-path", `*/${name}*`];
  await pollUntil(`the control groups of ${name} are gone`, timeout, async () => {
    await execa("find", [...find, "-exec", "rmdir", "{}", ";"], { reject: false, timeout });
    return (await execa("find", find, { reject: false, timeout })).stdout === "";
  });
}
