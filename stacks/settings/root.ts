import { z } from "zod";

/** The consent to root in a container that has a folder of the host. */
export const rootSetting = z
  .literal("i-understand")
  .optional()
  .describe(
    "Needed where the user is root (uid 0) and the images are in a folder of the host: anyone who breaks into the registry can leave programs there that run as root.",
  );
