import type Docker from "dockerode";

/**
 * How every helper container runs: no network, a read-only root, no more rights and no more memory and processes than its work
 * needs, however long a volume keeps it busy.
 * @param capabilities what it needs beside the rights of its user
 */
export function helperLimits(capabilities: string[]): Docker.HostConfig {
  const memory = 64 * 1024 * 1024;
  return {
    NetworkMode: "none",
    ReadonlyRootfs: true,
    CapDrop: ["ALL"],
    CapAdd: capabilities,
    SecurityOpt: ["no-new-privileges"],
    Memory: memory,
    MemorySwap: memory,
    PidsLimit: 32,
    // What a script prints is read into memory here.
    LogConfig: { Type: "json-file", Config: { "max-size": "64k", "max-file": "1" } },
  };
}
