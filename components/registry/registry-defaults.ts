/**
 * Which defaults a registry has that says nothing of its user and its network. They belong to its first run and stay, as another
 * user cannot read what the first one wrote. 1: what the releases up to 0.1 made, root on Docker's default bridge; 2: a user
 * without rights on the host, on a network of the stack's own; 3: and a service is given the ids of its networks, not their names, as a
 * change from one to the other replaces it; 4: and a service with a volume of its node runs as that user, too, which is given the volume.
 */
export type RegistryDefaults = 1 | 2 | 3 | 4;

/** Those of a registry that is made now. */
export const currentDefaults: RegistryDefaults = 4;

/** The user of a registry that is not root, where nothing else is said: no user of the image, and none of most hosts. */
export const unprivilegedUser = "10001:10001";
