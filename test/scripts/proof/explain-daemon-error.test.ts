import { expect, it } from "vitest";
import { explainDaemonError } from "../../../scripts/proof/explain-daemon-error.ts";
import type { ProofTarget } from "../../../scripts/proof/proof-target.ts";

const withTls: ProofTarget = {
  hosts: ["registry.example.com"],
  port: 5000,
  tls: { authorityCertificatePem: "", certificateNotAfter: "" },
  users: [],
  secrets: [],
  docker: {},
};
const plain = { ...withTls, tls: undefined };
const name = "registry.example.com:5000";

// Messages of dockerd 20.10 to 28.
it.each([
  [
    withTls,
    `(HTTP code 500) server error - Get "https://${name}/v2/": x509: certificate signed by unknown authority `,
    `Get "https://${name}/v2/": x509: certificate signed by unknown authority: this Docker daemon does not trust`,
  ],
  [
    withTls,
    "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    "trust: local (as root)",
  ],
  [withTls, "x509: certificate is valid for localhost, not registry.example.com", `does not fit the name ${name}`],
  [
    withTls,
    "x509: certificate has expired or is not yet valid: current time 2026-11-28T10:00:00Z is before 2026-12-01T10:00:00Z",
    "the clock of the daemon's machine is behind; set it right",
  ],
  [
    withTls,
    "x509: certificate has expired or is not yet valid: current time 2028-01-05T10:00:00Z is after 2028-01-02T10:00:00Z",
    "npm run up issues another certificate",
  ],
  [
    withTls,
    'x509: a root or intermediate certificate is not authorized to sign for this name: DNS name "a.test" is not permitted by any constraint',
    "tls.authority.permitted",
  ],
  [withTls, "http: server gave HTTP response to HTTPS client", "was it started with its TLS configuration?"],
  [plain, "http: server gave HTTP response to HTTPS client", "add registry.example.com:5000 to the daemon's insecure-"],
  [withTls, "dial tcp: lookup registry.example.com: no such host", "add it to DNS or to /etc/hosts there"],
  [withTls, "dial tcp 10.0.0.1:5000: connect: connection refused", "the daemon's machine cannot reach the registry"],
  [
    withTls,
    "received unexpected HTTP status: 500 Internal Server Error",
    "often container.user can't write the storage",
  ],
  [withTls, "connect ENOENT /var/run/docker.sock", "no Docker daemon answers there; start it"],
  [
    withTls,
    "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?",
    "start it, or name another",
  ],
])("says what to do about a daemon's error (%#)", (target, message, advice) => {
  expect(explainDaemonError(new Error(message), name, target)).toContain(advice);
});

it("leaves an error that it does not know as it is, on one line", () => {
  expect(explainDaemonError(new Error("no space\nleft on device"), name, withTls)).toBe("no space left on device");
});
