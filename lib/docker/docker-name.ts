import { z } from "zod";

/** Names of Docker objects; source: the engine's own check of names. Longer ones fit no file name with what is added. */
export const dockerName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/,
    "must have two characters or more: a letter or digit first, then letters, digits, _ . and -",
  )
  .max(200, "must have 200 characters at most");
