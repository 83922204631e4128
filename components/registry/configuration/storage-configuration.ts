import { z } from "zod";
import { storeSchemas } from "../stores/stores.ts";
import { containerPath, count } from "./field-types.ts";

const filesystem = z.strictObject({
  driver: z.literal("filesystem").describe("A folder inside the container, usually a volume."),
  rootDirectory: containerPath.default("/var/lib/registry").describe("The folder; default /var/lib/registry."),
  maxThreads: count(25).optional().describe("Most operations on files at once; default 100."),
});

const inmemory = z.strictObject({
  driver: z.literal("inmemory").describe("Memory: everything is lost when the registry stops. For tests."),
});

/** Where the registry keeps images: one driver of Distribution 3.1 with its parameters. */
export const storageConfiguration = z.discriminatedUnion("driver", [filesystem, ...storeSchemas, inmemory]);

/** Parsed: every default filled in. */
export type StorageConfiguration = z.output<typeof storageConfiguration>;

/** As a user writes it. */
export type StorageConfigurationInput = z.input<typeof storageConfiguration>;
