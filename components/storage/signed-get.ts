import { createHmac } from "node:crypto";
import { sha256 } from "../../lib/files/sha256.ts";

/** The headers that sign a GET to S3. The query must be percent-encoded, blanks too. */
export function signedGet(url: URL, keys: SigningKeys, now: Date): Record<string, string> {
  return signedHeaders("GET", url, keys, now);
}

export interface SigningKeys {
  accessKey: string;
  secretKey: string;
  region: string;
  /** Of keys that end. */
  sessionToken?: string;
}

/** The headers that sign a request without a body to S3: Signature Version 4 of AWS. */
export function signedHeaders(
  method: "GET" | "DELETE",
  url: URL,
  { accessKey, secretKey, region, sessionToken }: SigningKeys,
  now: Date,
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const sent = {
    "x-amz-content-sha256": sha256(""),
    "x-amz-date": time,
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken }),
  };
  // In the order of their names.
  const headers = { host: url.host, ...sent };
  const signed = Object.keys(headers).join(";");
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const request = [method, url.pathname, query, lines.join(""), signed, sha256("")].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<Buffer | string>(
    (secret, part) => hmac(secret, part),
    `AWS4${secretKey}`,
  );
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n")).toString("hex");
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}

/** As RFC 3986 has it. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
