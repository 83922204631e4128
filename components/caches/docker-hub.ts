/** The registry behind image names without a host. https://hub.docker.com and https://docker.io are web sites. */
export const dockerHub = "https://registry-1.docker.io";
