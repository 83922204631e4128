import { join } from "node:path";
import { execa } from "execa";
import { buildPackage } from "../../scripts/package/build-package.ts";
import { packageRoot } from "../../scripts/project/project-root.ts";

/** Longest time for an installation from npm's cache or registry, in ms. */
export const longestInstallation = 5 * 60_000;

/** Builds and packs the npm package in a folder. @returns the path of the tarball, and of the files in it */
export async function packKit(folder: string): Promise<{ tarball: string; size: number; files: string[] }> {
  await buildPackage(packageRoot, join(folder, "dist"));
  const packed = await execa("npm", ["pack", "./dist", "--json", "--loglevel=error"], { cwd: folder });
  const document: unknown = JSON.parse(packed.stdout);
  // npm 11 and older give a list, newer ones a map from name to package.
  const [found] = Object.values(
    document as Record<string, { filename: string; size: number; files: { path: string }[] }>,
  );
  if (!found) throw new Error(`npm pack said ${packed.stdout}`);
  return { tarball: join(folder, found.filename), size: found.size, files: found.files.map(({ path }) => path) };
}
