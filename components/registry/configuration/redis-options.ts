import { z } from "zod";
import { readCertificates, readPrivateKey } from "../../certificates/read-pem.ts";
import { count, duration, hostAndPort, isPem, line, name, pathOrPem, secret } from "./field-types.ts";

function certificates({ value, issues }: z.core.ParsePayload<string>): void {
  const problem = isPem(value) ? readCertificates(value, "key").problem : undefined;
  if (problem) issues.push({ code: "custom", message: problem, input: "" });
}

function privateKey({ value, issues }: z.core.ParsePayload<string>): void {
  const problem = isPem(value) ? readPrivateKey(value).problem : undefined;
  if (problem) issues.push({ code: "custom", message: problem, input: "" });
}

const tls = z
  .strictObject({
    rootCas: z
      .array(pathOrPem.check(certificates))
      .default([])
      .describe(
        "PEM of the authorities that sign the server's certificate, or the path of a file with it inside the container; default none.",
      ),
    certificate: pathOrPem
      .check(certificates)
      .optional()
      .describe("PEM of the client's certificate, or the path of a file with it inside the container."),
    key: pathOrPem
      .check(privateKey)
      .optional()
      .describe("PEM of the client's key, or the path of a file with it inside the container.")
      .meta(secret),
  })
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    error: "needs certificate and key together, or neither",
    abort: true,
  })
  .refine(({ rootCas, certificate }) => rootCas.length > 0 || certificate !== undefined, {
    error: "turns TLS on only with rootCas or a certificate: name one",
  });

/** The Redis server that the cache of descriptions of layers is in. What is left out is up to the Redis client. */
export const redisOptions = z.strictObject({
  addresses: z
    .array(hostAndPort)
    .min(1, { error: "must name at least one server" })
    .describe("The server as host:port, or several nodes of a cluster, or sentinels."),
  username: line.optional().describe("User, if the server has ACLs."),
  password: line.optional().describe("Password of the user, or of the server.").meta(secret),
  database: count(0).optional().describe("Number of the database; default 0."),
  masterName: name.optional().describe("Name of the master, if the addresses are sentinels."),
  sentinelUsername: line.optional().describe("User at the sentinels."),
  sentinelPassword: line.optional().describe("Password at the sentinels.").meta(secret),
  poolSize: count(1).optional().describe("Most connections at once; default 10 for each CPU."),
  maxIdleConnections: count(0).optional().describe("Most connections kept open without work; default 0, no limit."),
  maxIdleTime: duration(1).optional().describe("How long a connection is kept without work, a duration; default 30m."),
  dialTimeout: duration(0.001).optional().describe("How long connecting may take, a duration; default 5s."),
  readTimeout: duration(0.001).optional().describe("How long an answer may take, a duration; default 3s."),
  writeTimeout: duration(0.001).optional().describe("How long sending may take, a duration; default 3s."),
  tls: tls.optional().describe("Connects by TLS; default: plain."),
});
