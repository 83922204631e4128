import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface FakeDocker extends AsyncDisposable {
  /** To be put on PATH. */
  folder: string;
  /** An empty folder to be used as TMPDIR. */
  temporary: string;
  /** Arguments and environment of all calls, the standard input of login, the modes of its folder and file. */
  recorded(): Promise<{ calls: string; standardInput: string; modes: string }>;
}

/** A `docker` that writes down how it was called. */
export async function makeFakeDocker(): Promise<FakeDocker> {
  const folder = await mkdtemp(join(tmpdir(), "registry-kit-test-"));
  const temporary = join(folder, "tmp");
  await mkdir(temporary);
  const script = `#!/bin/sh
{ echo "$@"; env; } >> ${folder}/calls
if [ "$1" = login ]; then
  cat > ${folder}/input
  stat -c %a "$DOCKER_CONFIG" "$DOCKER_CONFIG/config.json" | paste -sd ' ' > ${folder}/modes
fi
`;
  await writeFile(join(folder, "docker"), script, { mode: 0o755 });
  const read = async (name: string) => (await readFile(join(folder, name), "utf8")).trimEnd();
  return {
    folder,
    temporary,
    recorded: async () => ({
      calls: await read("calls"),
      standardInput: await read("input"),
      modes: await read("modes"),
    }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
