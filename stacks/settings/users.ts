import { z } from "zod";
import { usersSchema } from "../../components/users/user-schemas.ts";

export const userSettings = z.union([z.literal("none"), usersSchema]).prefault({ moby: { generated: true } });
