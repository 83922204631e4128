import { z } from "zod";
import { containerInputs } from "../../components/registry/container-inputs.ts";
import { rootSetting } from "./root-settings.ts";

const { network, networks, logs, labels, ...first } = containerInputs.shape;

export const containerSettings = z.strictObject({ ...first, root: rootSetting, network, networks, logs, labels });
