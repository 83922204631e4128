import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { DataHost } from "../docker-host/data-host.ts";

/** One file of {@link VolumeFiles}. */
export interface VolumeFileArgs {
  /** Name in the volume's top folder. */
  name: pulumi.Input<string>;
  /** Text; treated as a secret. */
  content: pulumi.Input<string>;
  /** Permission bits. Default: 0o400. */
  mode?: pulumi.Input<number>;
  /**
   * What a change of the content asks of the containers that have the volume mounted: `reread`: nothing, they
   * look at the file again by themselves; `restart`: they are restarted in place.
   */
  onChange: "reread" | "restart";
}

/** The container that reads the files, as it is going to be; see {@link VolumeFilesArgs.reader}. */
export interface VolumeFilesReader {
  /** Its arguments; its image is that of the files. */
  container: Omit<docker.ContainerArgs, "image">;
  /** A regular expression for the line of its log that says that it serves. */
  ready: string;
  /** The folder in it that it has to be able to write. Default: none. */
  writes?: string;
  /** The volume with data that cannot be made again: where it is gone after a run, that is an error. Default: none. */
  keeps?: { volume: pulumi.Input<string>; driver?: string };
}

export interface VolumeFilesArgs {
  /** The engine that holds the volume. Default: as the docker command would choose. A change writes to the new one. */
  dockerHost?: DockerHost;
  /** Name of an existing volume. A change writes to the new volume. */
  volume: pulumi.Input<string>;
  /** An image on that engine with /bin/sh, used to move files into place. A change of it alone touches no file. */
  image: pulumi.Input<string>;
  /** Numeric owner of the files. Default: root. A change writes all files again, and restarts nothing. */
  owner?: pulumi.Input<{ uid: number; gid: number }>;
  /** A file that is left out later stays in the volume; the volume's end is its end. */
  files: VolumeFileArgs[];
  /** The machine with the data that the readers of the files work on. Another one is refused unless it is confirmed. Default: any will do. */
  dataHost?: DataHost;
  /**
   * The container that reads the files. While one of that name runs, every change of it or of its files is tried with a helper
   * container first, at preview and at up, and refused where that one does not start. A change of it alone is no change.
   */
  reader?: VolumeFilesReader;
}

/**
 * Files in a Docker volume, replaced atomically while containers read them, on local and remote engines alike.
 * Nothing is removed on delete: the files go with their volume. Contents are secrets in the state.
 */
export class VolumeFiles extends pulumi.CustomResource {
  /** What a refresh found to differ from what was written; the next `up` repairs it. */
  declare readonly drift: pulumi.Output<string[]>;

  constructor(name: string, args: VolumeFilesArgs, opts?: pulumi.CustomResourceOptions) {
    const files = args.files.map((file) => ({ ...file, content: pulumi.secret(file.content) }));
    super("registry-kit:files:VolumeFiles", name, { ...args, files, digests: undefined, drift: undefined }, opts);
  }
}
