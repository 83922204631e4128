import { z } from "zod";

/** The consent to root in a container that has a folder of the host. */
export const rootSetting = z
  .literal("i-understand")
  .optional()
  .describe(
    "Needed if the user is root (uid 0) and the images are in a folder of the host. An attacker in the registry can leave programs there that run as root.",
  );
