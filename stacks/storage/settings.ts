import { z } from "zod";
import { type ObjectStorage, stores } from "../../components/registry/stores/stores.ts";
import { dockerName } from "../../lib/docker/docker-name.ts";
import { evenWithMistakes } from "../schema/even-with-mistakes.ts";
import { awsStorageSettings } from "./aws-settings.ts";
import { objectStores } from "./store-settings.ts";

const host = (place: string) =>
  z
    .string()
    .min(1)
    .optional()
    .describe(
      `Name of the machine that has the ${place}, as docker info shows it. Needed if docker.url or a service's constraints lead to another machine than before, because images don't move by themselves.`,
    );

export const storageSettings = z
  .strictObject({
    volume: z
      .strictObject({
        name: dockerName
          .default("registry-data")
          .describe(
            "Name of the Docker volume. A change starts with another volume; keep decides what happens to the old one.",
          ),
        driver: z.string().min(1).optional().describe("Volume driver. Default: local. A change needs another name."),
        driverOptions: z
          .record(z.string(), z.string())
          .optional()
          .describe("Options of the volume driver. A change needs another name."),
        keep: z
          .boolean()
          .default(true)
          .describe("Keep the volume, and with it the images, on teardown and if you name another place."),
        host: host("volume"),
      })
      .optional()
      .describe("A Docker volume; the default."),
    bindMount: z
      .strictObject({
        path: z
          .string()
          .startsWith("/", "must be an absolute path")
          .refine((path) => !path.includes(":"), "must not hold a colon, which Docker reads as the end of the path")
          .refine((path) => !/\p{Cc}/u.test(path), "must not hold control characters such as line ends")
          .describe("Existing folder on the Docker host. A change replaces the container."),
        host: host("folder"),
      })
      .optional()
      .describe("A folder of the Docker host; never removed."),
    ...objectStores,
    aws: awsStorageSettings.optional().describe("A bucket of Amazon S3 that the stack creates or adopts: docs/aws.md."),
  })
  .refine((storage) => Object.keys(storage).length <= 1, {
    when: evenWithMistakes,
    error: ({ input }) => {
      const given = Object.keys(input as object);
      return `names ${placesText(given)}; images can live in one place only, leave ${given.length > 2 ? "all but one" : "one"} out.`;
    },
  })
  .transform(({ volume, bindMount, aws, ...given }) => {
    if (bindMount) return { bindMount };
    if (aws) return { aws };
    return objectsOf(given) ?? { volume: volume ?? { name: "registry-data", keep: true } };
  })
  .prefault({});

function placesText(given: string[]): string {
  return `${given.slice(0, -1).join(", ")} and ${given.at(-1)}`;
}

/** The one store that is given, as components take it. */
function objectsOf(given: GivenStores) {
  const [driver] = stores.flatMap(({ driver }) => (given[driver] ? driver : []));
  if (driver === undefined) return undefined;
  const { authority, ...options } = given[driver] as NonNullable<GivenStores[typeof driver]>;
  return {
    objects: { driver, ...options } as ObjectStorage,
    authority,
    ...("sessionToken" in options && options.sessionToken !== undefined ? { hasSessionToken: true } : {}),
  };
}

type GivenStores = { [Driver in keyof typeof objectStores]?: z.output<(typeof objectStores)[Driver]> };
