import { z } from "zod";
import type { YamlMap } from "../configuration/render-yaml.ts";

/** What the registry did when its storage refused. */
export type StorageStep = "look" | "begin" | "append" | "finish" | "read";

/** What to do about an error: the text goes on after the error itself. A function knows what the registry did, and the whole error. */
export type Advice = string | ((step: StorageStep, detail: string) => string);

/** A kind of object storage: all that the kit knows of one of Distribution's drivers. */
export interface StoreKind<Driver extends string, Shape extends z.ZodRawShape> {
  /** Name of the driver in the registry's configuration, and of the setting under `storage`. */
  driver: Driver;
  /** What it is, in a few words that end with a full stop. */
  title: string;
  /** What the setting of that name says of it. */
  description: string;
  /** What a user may write, with defaults. Secrets are marked by `.meta(secret)`. */
  options: Shape;
  /** Options that are each allowed but don't go together. */
  rules(payload: z.core.ParsePayload<z.output<z.ZodObject<Shape>>>): void;
  /** Options that make sense only where the container has files that the kit does not put there: no settings of a stack. */
  notSettings?: (keyof Shape & string)[];
  /** The driver's section of config.yml. */
  parameters(options: z.output<z.ZodObject<Shape>>): YamlMap;
  /** Where the images are, without anything secret: `s3 bucket images`. */
  place(options: z.output<z.ZodObject<Shape>>): string;
  /** URL of a server that is not the provider's own. */
  server(options: z.output<z.ZodObject<Shape>>): string | undefined;
  /** Whether clients can be expected to reach the servers, so that pulls may be redirected to them. */
  clientsReach(options: z.output<z.ZodObject<Shape>>): boolean;
  /** Credentials that nobody may see. */
  secrets(options: z.output<z.ZodObject<Shape>>): (string | undefined)[];
  /** How the registry's errors about it are told and explained. */
  errors: StoreErrors;
}

export interface StoreErrors {
  /** What they begin with, as in `s3aws: NoSuchBucket`. */
  prefix: string;
  /** What an error means; the first that fits. */
  reasons: [RegExp, Advice][];
  /** The permission that a step needs, where the error names none. */
  permissions?: Record<StorageStep, string>;
  /** One line of an error of several lines; undefined: it is no such error. */
  shorten?(detail: string): string | undefined;
}

/** A kind with the schema that its options make: `{ driver, ...options }`. */
export function defineStore<const Driver extends string, Shape extends z.ZodRawShape>(kind: StoreKind<Driver, Shape>) {
  const schema = z
    .strictObject({ driver: z.literal(kind.driver).describe(kind.title), ...kind.options })
    .check((payload) => kind.rules(payload as never));
  return { ...kind, schema };
}
