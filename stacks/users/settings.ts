import { z } from "zod";
import { users } from "../../components/users/user.ts";

export const userSettings = z.union([z.literal("none"), users]).prefault({ moby: { generated: true } });
