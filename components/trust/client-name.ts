/** Programs that pull and push: dockerd; containerd by itself (Kubernetes, nerdctl); podman and CRI-O. */

export const clientNames = ["docker", "containerd", "podman"] as const;
export type ClientName = (typeof clientNames)[number];
