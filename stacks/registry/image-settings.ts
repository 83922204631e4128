import { z } from "zod";

/** The oldest registry without known vulnerabilities; source: release notes of distribution 3.1.0 to 3.1.2. */
const minimumVersion = [3, 1, 2] as const;

/** What comes before the version it names: `3.1.2-rc.1`. A variant of the image is none: `3.1.2-alpine3.22`. */
const preRelease = /^v?[\d.]+-(alpha|beta|rc|pre|dev)([.-]?\d|$)/i;

export const imageSettings = z
  .strictObject({
    name: z
      .string()
      .superRefine((name, context) => {
        const problem = imageProblem(name);
        if (problem) context.addIssue({ code: "custom", message: problem });
      })
      .default("registry:3.1.2")
      .describe(
        "Image with its full version, at least 3.1.2. A change replaces the container and keeps the images in it.",
      ),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal digits")
      .optional()
      .describe("Digest of the image in its registry. If set, the image is pulled by it."),
    archive: z
      .string()
      .min(1)
      .optional()
      .describe("File made by docker save. It is loaded if the image can't be pulled."),
  })
  .prefault({});

function imageProblem(name: string): string | undefined {
  const given = JSON.stringify(name);
  if (name.includes("@")) return `is ${given}; put the digest into image.digest.`;
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  if (!tag || !/^\w[\w.-]{0,127}$/.test(tag)) return `is ${given}; name a full version, for example registry:3.1.2.`;
  if (!isRepository(name.slice(0, -tag.length - 1)))
    return `is ${given}; it must be a name that Docker reads: an optional host, then lower-case letters and digits with single . _ or - between them, as in registry.example.com:5000/team/registry:3.1.2.`;
  const version = /^v?(\d+)\.(\d+)\.(\d+)/.exec(tag)?.slice(1).map(Number);
  if (!version) return `is ${given}; "${tag}" can change any day, name a full version, for example registry:3.1.2.`;
  const difference = minimumVersion.map((part, i) => (version[i] ?? 0) - part).find((part) => part !== 0);
  if (difference === undefined ? preRelease.test(tag) : difference < 0)
    return `is ${given}; versions before ${minimumVersion.join(".")} have known vulnerabilities.`;
  return undefined;
}

/** The grammar of github.com/distribution/reference, and what dockerd takes for a host before the first slash. */
function isRepository(name: string): boolean {
  const [first = "", ...rest] = name.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  const isHost = /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*|\[[a-f\d:]+\])(?::\d+)?$/i;
  const parts = hasHost ? rest : [first, ...rest];
  return (
    name.length <= 255 &&
    (!hasHost || isHost.test(first)) &&
    parts.every((part) => /^[a-z\d]+(?:(?:[._]|__|-+)[a-z\d]+)*$/.test(part))
  );
}
