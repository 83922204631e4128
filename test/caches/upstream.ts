import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hash } from "bcryptjs";
import { execa } from "execa";
import { dockerHub } from "../../components/caches/docker-hub.ts";
import type { DockerNode } from "../support/docker-node.ts";
import { makeAuthority, makeServerCertificate } from "../support/openssl-certificates.ts";
import { poll } from "../support/poll.ts";
import { registryImage } from "../support/start-registry.ts";

/** A registry with TLS and one user in the place of Docker Hub. */
export interface Upstream {
  /** PEM. */
  authority: string;
  credentials: { username: string; password: string };
  push(image: string): Promise<void>;
  /** How many lines of its log hold the text. */
  requests(text: string): Promise<number>;
  stop(): Promise<unknown>;
  start(): Promise<void>;
}

/** Starts it on a node's own address, with `library/probe:1`. */
export async function startUpstream(node: DockerNode): Promise<Upstream> {
  const folder = join(node.folder, "upstream");
  await mkdir(folder);
  const authority = await makeAuthority(folder, "ca");
  await makeServerCertificate(folder, "ca", new URL(dockerHub).hostname);
  // Whatever a password holds, the program that hands it to the registry must not stumble over it.
  const credentials = {
    username: "moby",
    password: `a'b"c\\d$e\nEND\n${randomBytes(4).toString("hex")}`.replaceAll("\n", " "),
  };
  await writeFile(join(folder, "htpasswd"), `moby:${await hash(credentials.password, 4)}\n`);
  const settings = {
    HTTP_ADDR: ":443",
    HTTP_TLS_CERTIFICATE: "/upstream/server.crt",
    HTTP_TLS_KEY: "/upstream/server.key",
    AUTH: "htpasswd",
    AUTH_HTPASSWD_REALM: "upstream",
    AUTH_HTPASSWD_PATH: "/upstream/htpasswd",
  };
  const environment = Object.entries(settings).flatMap(([key, value]) => ["-e", `REGISTRY_${key}=${value}`]);
  const place = "127.0.0.1:443";
  await node.docker(
    "run",
    "-d",
    "--name=upstream",
    "--network=host",
    `-v=${folder}:/upstream:ro`,
    ...environment,
    registryImage,
  );

  const push = async (image: string) => {
    const archive = join(folder, "image.tar");
    await writeFile(join(folder, "content"), randomBytes(100_000));
    await execa("tar", ["-cf", archive, "-C", folder, "content"]);
    await node.docker("import", archive, `${place}/${image}`);
    await node.docker("--config", folder, "push", `${place}/${image}`);
    await node.docker("image", "rm", `${place}/${image}`);
  };
  const login = () =>
    node.docker("--config", folder, "login", "-u", credentials.username, "-p", credentials.password, place);
  const answers = () => poll("the upstream answers", () => login());
  await answers();
  await push("library/probe:1");
  return {
    authority,
    credentials,
    push,
    async requests(text) {
      const { all } = await execa("docker", ["--host", `unix://${node.socket}`, "logs", "upstream"], { all: true });
      return all.split("\n").filter((line) => line.includes("HTTP/") && line.includes(text)).length;
    },
    stop: () => node.docker("stop", "--time=1", "upstream"),
    async start() {
      await node.docker("start", "upstream");
      await answers();
    },
  };
}
