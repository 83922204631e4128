import { existsSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { rootCertificates } from "node:tls";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { endOf } from "./docker-progress.ts";
import type { PrerequisiteOptions, Report } from "./prerequisite.ts";
import { compilePrograms, registryModule } from "./registry-program.ts";
import { findStaticBusybox } from "./static-busybox.ts";

export interface RegistryBuildOptions extends PrerequisiteOptions {
  docker: Docker;
  /** The name that the image gets. */
  image: string;
  /** The release of distribution: `3.1.2`. */
  version: string;
  cacheDirectory: string;
}

/**
 * Builds the registry's image on the Docker host, with the layout of the official one, from the public Go module and
 * a static busybox. Nothing is pulled.
 *
 * @returns how it was made, in a few words
 */
export async function buildRegistryImage(report: Report, options: RegistryBuildOptions): Promise<string> {
  const { docker, image, version, cacheDirectory } = options;
  const target = await targetOf(docker);
  const programs = await compilePrograms(report, { ...options, ...target });
  const busybox = await findStaticBusybox(report, target.architecture, cacheDirectory);
  const context = pack();
  const add = (name: string, mode: number, content: string | Buffer) =>
    context.entry({ name, mode, mtime: new Date(0) }, content);
  add("Dockerfile", 0o644, dockerfile(version));
  add("root/bin/busybox", 0o755, readFileSync(busybox));
  add("root/bin/registry", 0o755, readFileSync(programs.registry));
  // Before busybox makes its links: it leaves alone what is there.
  add("root/bin/wget", 0o755, readFileSync(programs.wget));
  add("root/entrypoint.sh", 0o755, entrypoint);
  add("root/etc/distribution/config.yml", 0o644, configuration);
  add("root/etc/passwd", 0o644, "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
  add("root/etc/group", 0o644, "root:x:0:\nnobody:x:65534:\n");
  add("root/etc/ssl/certs/ca-certificates.crt", 0o644, authorities());
  context.entry({ name: "root/tmp", type: "directory", mode: 0o1777, mtime: new Date(0) });
  context.finalize();
  await endOf(
    docker,
    await docker.buildImage(Readable.from(context), { t: image, networkmode: "none", rm: true, forcerm: true }),
  );
  return `built from ${registryModule} v${version}${programs.reused ? ", compiled earlier" : ""}`;
}

/** What the Docker host runs, in Go's terms. */
async function targetOf(docker: Docker): Promise<{ architecture: string; arm: string | undefined }> {
  const { Arch, Os } = await docker.version();
  if (Os !== "linux") throw new Error(`the Docker host runs ${Os} containers, the registry needs linux`);
  // Only for 32 bit ARM the architecture alone does not say which instructions there are.
  const arm = Arch === "arm" ? /^armv(\d)/.exec((await docker.info()).Architecture)?.[1] : undefined;
  return { architecture: Arch, arm };
}

/** The bundle of this machine, so that what its administrator trusts is trusted; else the one inside Node. */
function authorities(): string {
  const bundles = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
  ];
  const file = bundles.find((path) => existsSync(path));
  return file ? readFileSync(file, "utf8") : `${rootCertificates.join("\n")}\n`;
}

function dockerfile(version: string): string {
  return `FROM scratch
COPY root/ /
RUN ["/bin/busybox", "--install", "-s", "/bin"]
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin OTEL_TRACES_EXPORTER=none
LABEL org.opencontainers.image.title=registry \\
      org.opencontainers.image.version=${version} \\
      org.opencontainers.image.source=https://github.com/distribution/distribution \\
      org.opencontainers.image.description="Built by registry-kit from the Go module ${registryModule} v${version}"
VOLUME ["/var/lib/registry"]
EXPOSE 5000
ENTRYPOINT ["/entrypoint.sh"]
CMD ["/etc/distribution/config.yml"]
`;
}

/** Takes a configuration file, a subcommand of registry, or any other command, as the official image does. */
const entrypoint = `#!/bin/sh
set -e
case "$1" in
  *.yml | *.yaml) exec registry serve "$@" ;;
  serve | garbage-collect | help | -*) exec registry "$@" ;;
  *) exec "$@" ;;
esac
`;

/** Only for a container without a configuration of its own; the kit always gives it one. */
const configuration = `version: 0.1
log:
  level: info
storage:
  filesystem:
    rootdirectory: /var/lib/registry
http:
  addr: :5000
  headers:
    X-Content-Type-Options: [nosniff]
`;
