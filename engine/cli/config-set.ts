import { text } from "node:stream/consumers";
import { openStack } from "../stack/open-stack.ts";
import type { CommonOptions } from "./common-options.ts";

/** Sets a value in the settings file of a stack. */
export async function configSet(
  key: string,
  value: string | undefined,
  options: CommonOptions & { secret: boolean; path: boolean },
): Promise<number> {
  const { config, key: passphrase } = await openStack({ projectDirectory: options.cwd, stack: options.stack });
  const given = value ?? (await text(process.stdin)).replace(/\r?\n$/, "");
  const opened = options.secret ? await passphrase() : undefined;
  if (opened) config.salt = opened.salt;
  if (options.path) config.setAt(key, given, opened);
  else config.set(key, given, opened);
  await config.write();
  return 0;
}
