import type { DockerHost } from "../../lib/docker/docker-host.ts";

/** What a proof is about. Plain values only; the passwords and secrets in it are never printed. */
export interface ProofTarget {
  /** The names and addresses that clients use, without port; IPv6 without brackets. */
  hosts: string[];
  port: number;
  /** Where to connect for a host whose name does not resolve on this machine. */
  address?: string;
  /** Undefined: plain HTTP. */
  tls: ProofTls | undefined;
  /** Users whose password is known. Empty: none is known, or the registry asks for none. */
  users: RegistryUser[];
  /** All users, also those that are known by their hash only. Empty: anyone may push and pull. @default those in `users` */
  userNames?: string[];
  /** The registry's container, where there is one that can be looked into. */
  container?: { id: string; docker: DockerHost };
  /** The registry's service, where it is one, and a manager of its swarm. */
  service?: ProofService;
  /** The Docker daemon that logs in, pushes and pulls. */
  docker: DockerHost;
  /** False: it is read-only by its settings, or a cache, so that nothing is pushed and pulled. @default true */
  acceptsPushes?: boolean;
  /** Set for a pull-through cache; `probe`: an image of the upstream, `library/hello-world:latest`. */
  upstream?: { url: string; probe: string | undefined };
  /** Where its cache of descriptions is, for messages. Absent: in its own memory. */
  redis?: string[];
  /** What must not be readable in `docker inspect`, beside the passwords: private keys, htpasswd hashes, http.secret. */
  secrets: string[];
}

export interface ProofService {
  id: string;
  /** `ingress`: every node answers; `host`: those that run a task. */
  publish: "ingress" | "host";
  docker: DockerHost;
}

export interface ProofTls {
  /** What to show a server that asks for a certificate, PEM. */
  client?: ClientCertificate;
  /** What every certificate must lead to: one or more PEM certificates. */
  authorityCertificatePem: string;
  /** End of the deployed certificate's life, as any date that JavaScript parses; the served one must have the same. */
  certificateNotAfter: string;
}

export interface ClientCertificate {
  certificate: string;
  privateKey: string;
}

export interface RegistryUser {
  name: string;
  password: string;
}

/** What one check found. */
export interface CheckResult {
  name: string;
  /**
   * "skipped": it does not apply here, or it needs a check that failed; `seen` says which. "warning": the registry works, and something
   * in it needs care.
   */
  ok: boolean | "skipped" | "warning";
  /** What was seen, for a failure also what to do; one line, no secret. */
  seen: string;
  milliseconds: number;
}
