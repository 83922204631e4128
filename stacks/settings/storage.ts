import { z } from "zod";
import { awsStorageSettings } from "./aws-storage.ts";
import { dockerName } from "./docker-name.ts";

export const storageSettings = z
  .strictObject({
    volume: z
      .strictObject({
        name: dockerName
          .default("registry-data")
          .describe(
            "Name of the Docker volume. A change starts with another volume; keep says what becomes of the old one.",
          ),
        driver: z.string().min(1).optional().describe("Volume driver. Default: local. A change needs another name."),
        driverOptions: z
          .record(z.string(), z.string())
          .optional()
          .describe("Options of the volume driver. A change needs another name."),
        keep: z
          .boolean()
          .default(true)
          .describe("Keep the volume, and so the images, on teardown and when another place is named."),
      })
      .optional()
      .describe("A Docker volume; the default."),
    bindMount: z
      .strictObject({
        path: z
          .string()
          .startsWith("/", "must be an absolute path")
          .refine((path) => !path.includes(":"), "must not hold a colon, which Docker reads as the end of the path")
          .describe("Existing folder on the Docker host. A change replaces the container."),
      })
      .optional()
      .describe("A folder of the Docker host; never removed."),
    aws: awsStorageSettings.optional().describe("A bucket of Amazon S3, made or adopted by the stack: docs/aws.md."),
  })
  .superRefine((storage, context) => {
    const given = Object.keys(storage);
    if (given.length > 1) {
      context.addIssue({
        code: "custom",
        message: `names ${given.join(" and ")}; images can live in one place only, leave one out.`,
      });
    }
  })
  .transform(({ volume, bindMount, aws }) => {
    if (bindMount) return { bindMount };
    if (aws) return { aws };
    return { volume: volume ?? { name: "registry-data", keep: true } };
  })
  .prefault({});
