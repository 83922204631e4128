import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { type SigningKeys, signedHeaders } from "../../../components/storage/signed-get.ts";

/** How a bucket is reached. */
export interface S3Access extends SigningKeys {
  url: string;
  bucket: string;
  /** Whether the store's certificate is verified. */
  verify: boolean;
  /** PEM, where the store's authority is not a public one. */
  authority?: string;
}

/** Milliseconds. */
const limit = 10_000;

/** Deletes one object; one that is not there is no error. @throws where the store refuses, or is not reached from here */
export async function deleteObject(access: S3Access, key: string): Promise<void> {
  const url = new URL(access.url.includes("://") ? access.url : `https://${access.url}`);
  url.pathname = `/${access.bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  const headers = signedHeaders("DELETE", url, access, new Date());
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const options = { method: "DELETE", headers, signal: AbortSignal.timeout(limit) };
  const tls = { rejectUnauthorized: access.verify, ...(access.authority ? { ca: access.authority } : {}) };
  const request = url.protocol === "http:" ? requestHttp(url, options) : requestHttps(url, { ...options, ...tls });
  request.once("error", reject);
  request.once("response", (response) => {
    response.resume();
    response.once("end", () => resolve(response.statusCode ?? 0));
    response.once("error", reject);
  });
  request.end();
  const status = await promise;
  if (status >= 300 && status !== 404) throw new Error(`the store answers ${status} to a deletion`);
}
