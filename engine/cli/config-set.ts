import { text } from "node:stream/consumers";
import { openStack } from "../open-stack.ts";
import type { CommonOptions } from "./main.ts";

/** Sets a value in the stack's configuration file. */
export async function configSet(
  key: string,
  value: string | undefined,
  options: CommonOptions & { secret: boolean },
): Promise<number> {
  const { config, key: passphrase } = await openStack({ projectDirectory: options.cwd, stack: options.stack });
  const given = value ?? (await text(process.stdin)).replace(/\r?\n$/, "");
  if (options.secret) {
    const opened = await passphrase();
    config.salt = opened.salt;
    config.set(key, given, opened);
  } else {
    config.set(key, given);
  }
  await config.write();
  return 0;
}
