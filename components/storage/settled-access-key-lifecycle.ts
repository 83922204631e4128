import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { ResourceDefinition } from "../../lib/provider/resource-definition.ts";
import { getText } from "./get-text.ts";
import { signedGet } from "./signed-get.ts";

const inputs = z.object({
  accessKey: z.string(),
  secretKey: z.string(),
  region: z.string(),
  url: z.string(),
  prefix: z.string(),
  authority: z.string().optional(),
});
const outputs = z.object({ accepted: z.string() });

type Inputs = z.infer<typeof inputs>;

/** Good answers in a row, as the servers of S3 learn of a key one by one. */
const wanted = 3;
const milliseconds = { between: 500, atMost: 60_000, answer: 10_000 };

/** `registry-kit:storage:SettledAccessKey`: see the class of that name for what it means to users. */
export const settledAccessKeyDefinition: ResourceDefinition<Inputs, z.infer<typeof outputs>> = {
  type: "registry-kit:storage:SettledAccessKey",
  inputs,
  outputs,
  secretOutputs: [],
  create: async (news) => ({ id: "settled-access-key", outputs: await settle(news) }),
  update: async (_, news) => settle(news),
};

async function settle(key: Inputs): Promise<{ accepted: string }> {
  const deadline = Date.now() + milliseconds.atMost;
  for (let good = 0; ; ) {
    const refusal = await ask(key);
    good = refusal === undefined ? good + 1 : 0;
    if (good === wanted) return { accepted: key.accessKey };
    if (refusal !== undefined && Date.now() > deadline) {
      throw new Error(
        `S3 does not accept the access key ${key.accessKey} at ${key.url}: ${refusal}. ` +
          'It needs s3:ListBucket there; "up" again when that is fixed.',
      );
    }
    await pause(milliseconds.between);
  }
}

/** Lists one object, as the registry does at its health check; what was wrong with the answer, undefined: nothing. */
async function ask({ url, prefix, authority, ...key }: Inputs): Promise<string | undefined> {
  const query = new URL(url);
  query.search = `list-type=2&max-keys=1&prefix=${encodeURIComponent(prefix)}`;
  try {
    const headers = signedGet(query, key, new Date());
    const { status, body } = await getText(query, { headers, authority, timeout: milliseconds.answer });
    if (status === 200) return undefined;
    const [code, message] = ["Code", "Message"].map((tag) => new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(body)?.[1]);
    return `${code ?? `HTTP ${status}`}${message ? ` (${message})` : ""}`;
  } catch (error) {
    return reasonOf(error as Error);
  }
}

function reasonOf(error: Error): string {
  // Of several addresses that were tried, Node names each in an error of its own.
  if (error instanceof AggregateError) return error.errors.map((each: Error) => each.message).join("; ");
  return error.cause instanceof Error ? error.cause.message : error.message;
}
