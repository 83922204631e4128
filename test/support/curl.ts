import { type IncomingHttpHeaders, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { text } from "node:stream/consumers";

export interface CurlOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** `name:password`. */
  user?: string;
  /** The only certificate authority to trust, in PEM. */
  authority?: string;
  /** Accept any certificate. */
  insecure?: boolean;
  /** IPv4 address to connect to, whatever the name in the URL resolves to. */
  address?: string;
  /** Milliseconds. */
  timeout?: number;
}

/** One request as curl does it: any status is an answer, TLS is verified, a new connection each time. */
export async function curl(
  url: string,
  {
    method = "GET",
    headers = {},
    body,
    user,
    authority,
    insecure = false,
    address,
    timeout = 10_000,
  }: CurlOptions = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof curl>>>();
  const options = {
    method,
    headers,
    agent: false,
    signal: AbortSignal.timeout(timeout),
    ...(user ? { auth: user } : {}),
    ...(address ? { lookup: resolveTo(address) } : {}),
  };
  const tls = { rejectUnauthorized: !insecure, ...(authority ? { ca: authority } : {}) };
  const request = url.startsWith("https:") ? requestHttps(url, { ...options, ...tls }) : requestHttp(url, options);
  request.once("error", reject);
  request.once("response", (response) => {
    text(response).then(
      (content) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: content }),
      reject,
    );
  });
  request.end(body);
  return promise;
}

function resolveTo(address: string): LookupFunction {
  return (_, { all }, done) => (all ? done(null, [{ address, family: 4 }]) : done(null, address, 4));
}
