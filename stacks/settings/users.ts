import { z } from "zod";
import { user, userName } from "../../components/users/user.ts";

export const userSettings = z
  .union([z.literal("none"), z.record(userName, user)])
  .prefault({ moby: { generated: true } });
