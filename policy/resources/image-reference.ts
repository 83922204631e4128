/** The parts of an image's name: `host/repository:tag@digest`, or an id of the engine, `sha256:...`. */
export interface ImageReference {
  repository: string;
  tag?: string | undefined;
  /** `sha256:...`, of a manifest or, for an id, of the image. */
  digest?: string | undefined;
}

export function parseImageReference(text: string): ImageReference {
  if (/^sha256:[0-9a-f]+$/.test(text)) return { repository: "", digest: text };
  const [name = "", digest] = text.split("@");
  // A colon before the last slash belongs to a port.
  const [, repository = name, tag] = /^(.*?)(?::([^/:]+))?$/.exec(name) ?? [];
  return { repository, tag, digest };
}

/** Whether the name is that of the registry's image: Docker's own, a mirror of it, or one built from Distribution. */
export function isRegistryImage(text: string): boolean {
  return /(^|\/)(registry|distribution)$/.test(parseImageReference(text).repository);
}
