import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import { getCACertificates } from "node:tls";

/** What a GET may be told beside its URL. */
export interface GetOptions {
  headers: Record<string, string>;
  /** PEM of authorities that are trusted beside those that Node trusts (the public ones, NODE_EXTRA_CA_CERTS). */
  authority: string | undefined;
  /** Longest time for the whole answer, in ms. */
  timeout: number;
}

/** More than any answer that is read here, in characters. */
const longestBody = 1_000_000;

/** The answer to a GET, whatever its status. @throws where none comes, and where it has no end */
export async function getText(
  url: URL,
  { headers, authority, timeout }: GetOptions,
): Promise<{ status: number; body: string }> {
  const signal = AbortSignal.timeout(timeout);
  const trust = authority === undefined ? {} : { ca: [...getCACertificates("default"), authority] };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === "https:" ? getSecure(url, { headers, signal, ...trust }) : getPlain(url, { headers, signal });
    request.once("error", reject);
    request.once("response", (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
        if (body.length > longestBody)
          request.destroy(new Error(`${url.host} sends more than ${longestBody} characters`));
      });
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
  });
}
