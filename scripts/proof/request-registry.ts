import { Agent, type IncomingHttpHeaders, request as requestHttp } from "node:http";
import { request as requestHttps, Agent as TlsAgent } from "node:https";
import { checkServerIdentity } from "node:tls";
import type { ClientCertificate, RegistryUser } from "./proof-target.ts";
import { bracketed, serverName } from "./server-name.ts";

/** One host of the registry, and where to connect for it. */
export interface Endpoint {
  host: string;
  connectTo: string;
  port: number;
  /** PEM; undefined: plain HTTP. */
  authority: string | undefined;
  /** Shown to a server that asks for a certificate. Default: none. */
  client?: ClientCertificate | undefined;
}

export interface RegistryRequest {
  method: "GET" | "HEAD" | "DELETE" | "POST" | "PATCH" | "PUT";
  path: string;
  /** With a user the certificate is verified: no password goes to a server that could be another's. Without, it is not. */
  user?: RegistryUser | undefined;
  accept?: string;
  /** Sent as bytes, whatever it means. */
  body?: string;
  /** The first bytes of the answer are enough: the rest is not waited for. */
  beginning?: boolean;
}

export interface RegistryAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** More than any answer that a check reads, in characters; a longer one is cut there, and its connection closed. */
const longestBody = 1_000_000;

/** Connections that are kept for the next request to the same endpoint, at most so many at once. Destroy it in the end. */
export function keptConnections({ authority }: Endpoint, most: number): Agent {
  const options = { keepAlive: true, maxSockets: most };
  return authority === undefined ? new Agent(options) : new TlsAgent(options);
}

/**
 * One request. Rejects when there is no HTTP answer; any status is an answer.
 *
 * @param agent of {@link keptConnections}. Default: a connection of its own
 */
export function requestRegistry(
  endpoint: Endpoint,
  { method, path, user, accept, body: content, beginning = false }: RegistryRequest,
  signal: AbortSignal,
  agent?: Agent,
): Promise<RegistryAnswer> {
  const { host, connectTo, port, authority, client } = endpoint;
  const { promise, resolve, reject } = Promise.withResolvers<RegistryAnswer>();
  const options = {
    method,
    path,
    host: connectTo,
    port,
    signal,
    agent: agent ?? (false as const),
    headers: {
      host: `${bracketed(host)}:${port}`,
      ...(user ? { authorization: basicAuthorization(user) } : {}),
      ...(accept ? { accept } : {}),
      ...(content === undefined
        ? {}
        : { "content-type": "application/octet-stream", "content-length": Buffer.byteLength(content) }),
    },
  };
  const request =
    authority === undefined
      ? requestHttp(options)
      : requestHttps({
          ...options,
          ca: authority,
          ...(client ? { cert: client.certificate, key: client.privateKey } : {}),
          allowPartialTrustChain: true,
          servername: serverName(host),
          rejectUnauthorized: user !== undefined,
          checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
        });
  request.once("error", reject);
  request.once("response", (response) => {
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      body += chunk;
      if (!beginning && body.length < longestBody) return;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      response.destroy();
    });
    response.once("error", reject);
    response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
  });
  request.end(content);
  return promise;
}

function basicAuthorization({ name, password }: RegistryUser): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}
