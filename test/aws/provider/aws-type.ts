import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import type { Amazon } from "./amazon.ts";

/** What differs from one type of AWS to the next; `Inputs` are the arguments of its class in @pulumi/aws. */
export interface AwsType<Inputs extends object = never> {
  /** For example `aws:s3/bucket:Bucket`. */
  token: string;
  inputs: readonly (keyof Inputs & string)[];
  required?: readonly (keyof Inputs & string)[];
  /** Outputs that no input has. */
  computed: readonly string[];
  replaceOn: readonly (keyof Inputs & string)[];
  secretOutputs?: readonly string[];
  /** The input that gets the resource's own name and a random ending where it is left out. */
  autoName?: keyof Inputs & string;
  /** Answers the id and the computed outputs. */
  create(amazon: Amazon, inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }>;
  /** Only for types that have inputs of that kind. */
  update?(amazon: Amazon, id: string, inputs: PropertyMap): Promise<void>;
  /** All outputs, as AWS tells them; undefined: it is gone. Default: what was recorded is taken for true. */
  read?(amazon: Amazon, id: string): Promise<PropertyMap | undefined>;
  delete(amazon: Amazon, id: string, known: PropertyMap): Promise<void>;
}
