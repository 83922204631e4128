import { daemonMessage } from "../../lib/docker/docker-error.ts";
import { typed } from "../../lib/start-up/typed.ts";
import type { ProofTarget } from "./proof-target.ts";

/** A daemon's or the docker CLI's error on the way to a registry, with what to do about it. One line. */
export function explainDaemonError(error: unknown, registryName: string, { tls }: ProofTarget): string {
  const message = messageOf(error);
  const advice = adviceFor(message, registryName, tls !== undefined);
  return advice ? `${message}: ${advice}` : message;
}

/** The message of anything thrown, on one line, without dockerode's and Docker's decoration. */
export function messageOf(error: unknown): string {
  const message = daemonMessage(error) || codeOf(error) || (error instanceof Error ? error.name : "");
  return message.replace(/\s+/g, " ").trim();
}

/** Node's error code, also of an AggregateError (all addresses of a name refused). */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError && !("code" in error)) return codeOf(error.errors[0]);
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function adviceFor(message: string, registryName: string, usesTls: boolean): string | undefined {
  if (/connect (ENOENT|ECONNREFUSED|EACCES)|Cannot connect to the Docker daemon/.test(message)) {
    return "no Docker daemon answers there; start it, or name another with DOCKER_HOST";
  }
  if (/tls: (certificate required|bad certificate|unknown certificate authority|handshake failure)/.test(message)) {
    return (
      "the registry asks for client certificates (tls.clients); put client.cert and client.key into " +
      `/etc/docker/certs.d/${registryName}/ on the daemon's machine, see docs/client-certificates.md`
    );
  }
  if (/x509: certificate signed by unknown authority|certificate is not trusted/.test(message)) {
    return (
      "this Docker daemon does not trust the stack's certificate authority; set trust: local (as root), " +
      `or copy the CA certificate to /etc/docker/certs.d/${registryName}/ca.crt on the daemon's machine`
    );
  }
  // Go's words: "current time 2026-11-28T10:00:00Z is before 2026-12-01T10:00:00Z".
  if (/x509: certificate has expired or is not yet valid/.test(message)) {
    return / is before /.test(message)
      ? `the clock of the daemon's machine is behind; set it right. If it is right, ${typed("up")} issues another certificate`
      : `${typed("up")} issues another certificate, if the clock of the daemon's machine is right`;
  }
  if (/not authorized to sign for this name/.test(message)) {
    return "the authority may not sign for this name (tls.authority.permitted, or the constraints of your own authority)";
  }
  if (/x509: /.test(message)) return `the certificate does not fit the name ${registryName}; see the certificate check`;
  if (/server gave HTTP response to HTTPS client/.test(message)) {
    return usesTls
      ? "the registry speaks plain HTTP; was it started with its TLS configuration?"
      : `Docker refuses plain HTTP except for loopback addresses; turn TLS on, or add ${registryName} to the daemon's insecure-registries`;
  }
  if (/500 Internal Server Error/.test(message)) {
    return "the registry's log says why (docker logs); often container.user can't write the storage";
  }
  if (/no such host|server misbehaving/.test(message)) {
    return "the daemon's machine does not know this name; add it to DNS or to /etc/hosts there";
  }
  if (/connection refused|no route to host|i\/o timeout/.test(message)) {
    return "the daemon's machine cannot reach the registry; check the bind address, the port and firewalls";
  }
  return undefined;
}
