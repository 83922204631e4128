import type { Problem } from "../../lib/validation/describe-issues.ts";

interface Volume {
  driver?: string | undefined;
  driverOptions?: Record<string, string> | undefined;
}

const options = "storage.volume.driverOptions";

/**
 * What a volume driver can't do for a registry. Measured with rclone's plugin 1.60: over S3 blobs arrive empty though
 * the push succeeds; without a write cache every push fails; with a delayed write-back a node that stops loses what was pushed.
 */
export function volumeDriverProblems({ driver = "local", driverOptions = {} }: Volume): Problem[] {
  if (!/(^|\/)rclone(:|$)|rclone/.test(driver)) return [];
  const given = new Map(Object.entries(driverOptions).map(([key, value]) => [key.replaceAll("_", "-"), value]));
  if (isS3(given)) {
    return [
      {
        path: options,
        reason:
          "make rclone keep images in S3, where it loses layers though the push succeeds: use object storage (the registry's own S3 driver) instead of a volume.",
      },
    ];
  }
  const cache = given.get("vfs-cache-mode") ?? "off";
  const writeBack = given.get("vfs-write-back") ?? "5s";
  return [
    ...(["writes", "full"].includes(cache)
      ? []
      : [
          {
            path: options,
            reason: `has vfs-cache-mode ${cache}, with which every push fails: set it to writes or full.`,
          },
        ]),
    ...(/^0+(ms|s|m|h)?$/.test(writeBack)
      ? []
      : [
          {
            path: options,
            reason: `has vfs-write-back ${writeBack}: what was pushed within that time is lost when the node stops. Set it to 0s.`,
          },
        ]),
  ];
}

/** As a backend (`type`), as a connection string (`:s3,provider=Minio:bucket`), or by an option of that backend. */
function isS3(given: Map<string, string>): boolean {
  const remote = given.get("remote") ?? given.get("fs") ?? "";
  return (
    given.get("type") === "s3" || /^:s3[,:]/.test(remote) || [...given.keys()].some((key) => key.startsWith("s3-"))
  );
}
