import { readFile } from "node:fs/promises";

/** The schema of the package, as `npm run docs` wrote it beside this file. */
export async function schema(version: string): Promise<string> {
  const text = await readFile(new URL("./schema.json", import.meta.url), "utf8");
  return JSON.stringify({ ...JSON.parse(text), version });
}
