import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestCertificate } from "../support/test-certificates.ts";

/** What a role's session signs with. */
export interface SessionCredentials {
  accessKey: string;
  secretKey: string;
  sessionToken: string;
}

/** What a platform of AWS gives to the programs on it. Disposing of it ends it. */
export interface CredentialService extends AsyncDisposable {
  url: string;
  /** Paths that were asked for, in order. */
  asked: string[];
}

const tokenHeader = "x-aws-ec2-metadata-token";
const listing = "/latest/meta-data/iam/security-credentials/";

/** The metadata service of an EC2 instance with an instance profile; version 2 alone, as new instances have it. */
export function startInstanceMetadata(
  address: string,
  role: string,
  credentials: SessionCredentials,
): Promise<CredentialService> {
  const token = "instance-metadata-token";
  return serve(address, undefined, (request) => {
    if (request.method === "PUT" && request.url === "/latest/api/token") return token;
    if (request.headers[tokenHeader] !== token) return undefined;
    if (request.url === listing) return role;
    return request.url === `${listing}${role}`
      ? JSON.stringify({ Code: "Success", ...described(credentials) })
      : undefined;
  });
}

/** The credentials of a task's role, as ECS (and EKS Pod Identity) gives them to containers with this authorization token. */
export function startTaskCredentials(
  address: string,
  tls: TestCertificate,
  { token, credentials }: { token: string; credentials: SessionCredentials },
): Promise<CredentialService> {
  return serve(address, tls, ({ headers }) =>
    headers.authorization === token ? JSON.stringify(described(credentials)) : undefined,
  );
}

function described({ accessKey, secretKey, sessionToken }: SessionCredentials) {
  const Expiration = new Date(Date.now() + 3_600_000).toISOString();
  return { AccessKeyId: accessKey, SecretAccessKey: secretKey, Token: sessionToken, Expiration };
}

/** Answers what `answer` says; 401 where it says nothing. */
async function serve(
  address: string,
  tls: TestCertificate | undefined,
  answer: (request: IncomingMessage) => string | undefined,
): Promise<CredentialService> {
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(request.url ?? "");
    const body = answer(request);
    if (request.method === "PUT") response.setHeader("x-aws-ec2-metadata-token-ttl-seconds", "21600");
    response.writeHead(body === undefined ? 401 : 200).end(body);
  };
  const server: Server = tls
    ? createSecureServer({ cert: tls.certificate, key: tls.key }, listener)
    : createServer(listener);
  server.listen(0, address);
  await once(server, "listening");
  return {
    url: `${tls ? "https" : "http"}://${address}:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}
