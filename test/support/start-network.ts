import Docker from "dockerode";
import { randomName } from "./random-name.ts";

/** A Docker network of its own for a test's containers. Disposing of it removes it; remove the containers before. */
export async function startNetwork(): Promise<AsyncDisposable & { name: string; subnet: string }> {
  const name = randomName("network");
  const network = await new Docker().createNetwork({ Name: name, Driver: "bridge" });
  const { IPAM } = await network.inspect();
  return {
    name,
    subnet: IPAM?.Config?.[0]?.Subnet ?? "",
    [Symbol.asyncDispose]: async () => void (await network.remove()),
  };
}
