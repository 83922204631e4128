import { symlinkSync } from "node:fs";
import { cp, mkdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../scripts/project/project-root.ts";

/**
 * Makes a folder what a clone of the next commit would be, but for the tests, and with dependencies: tracked files, and
 * new ones that are not ignored.
 */
export async function copyProjectFiles(folder: string): Promise<void> {
  const { stdout } = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: projectRoot,
    timeout: 60_000,
  });
  const files = stdout
    .split("\0")
    .filter((file) => file !== "" && !file.startsWith("node_modules") && !file.startsWith("test/"));
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // Tracked, but removed in the working tree: not in the copy either.
    await cp(join(projectRoot, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
  symlinkSync(await realpath(join(projectRoot, "node_modules")), join(folder, "node_modules"));
}
