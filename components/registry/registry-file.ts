import type { VolumeFileArgs } from "../files/volume-files.ts";

/** A file's name is plain: what it is called decides nothing that could wait. */

export interface RegistryFile extends VolumeFileArgs {
  name: string;
}
