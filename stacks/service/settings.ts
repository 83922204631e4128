import { z } from "zod";
import { serviceInputs } from "../../components/registry/service-inputs.ts";
import { rootSetting } from "../registry/root-settings.ts";

const { logs, labels, health, stopGrace, update, timeout, redisCache, files, ...first } = serviceInputs.shape;
const last = { logs, labels, health, stopGrace, update, timeout, redisCache, files };

export const serviceSettings = z.strictObject({ ...first, root: rootSetting, ...last });

export type ServiceSettings = z.infer<typeof serviceSettings>;
