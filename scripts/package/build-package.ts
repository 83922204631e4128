import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { compileSources } from "./compile-sources.ts";
import { packageManifest } from "./package-manifest.ts";

/** What Node or TypeScript starts from; the package gets these and what they import. */
const entries = new RegExp(
  `^(package/[^/]+|provider/index|stacks/program|stacks/start-up/[^/]+|scripts/commands/(?!(docs)[.])[^/]+|policy/pack|engine/cli
  |engine/docker/pulumi-resource-docker|engine/program/quick-stacks|lib/protocol/own-user/listen-for-own-user)[.]ts$`.replace(
    /\s+/g,
    "",
  ),
);

/** What is taken over as it is. Types beside plain JavaScript are for this repository's own compiler. */
const plainFiles =
  /^(LICENSE|README[.]md|CHANGELOG[.]md|docs\/.*[.]md|engine\/README[.]md|policy\/(PulumiPolicy[.]yaml|package[.]json)|stacks\/settings[.]schema[.]json|scripts\/machine\/wget[.]go|provider\/(pulumi-resource-registry-kit|schema[.]json)|(lib|engine|stacks|policy|scripts)\/.*[.](js|cjs))$/;

/**
 * Writes the npm package into a folder: compiled JavaScript with source maps, the declarations of what programs import, the provider,
 * and a package.json of its own. It holds files that git tracks and what is made of them, nothing else.
 *
 * The repository's own package.json stays that of a clone: private, its packages as dependencies (`npm ci --omit=dev` is enough
 * to deploy), a Node binary for each platform. Users of the package have a Node and choose their Pulumi SDK: theirs is another
 * manifest, so it is generated, and packed with `npm pack ./dist`.
 *
 * @param root the repository
 * @param folder is replaced
 * @throws where a declaration cannot be written
 */
export async function buildPackage(root: string, folder: string): Promise<void> {
  const { stdout } = await execa("git", ["ls-files", "-z"], { cwd: root });
  const tracked = stdout.split("\0").filter(Boolean);
  rmSync(folder, { recursive: true, force: true });
  compileSources(
    root,
    tracked.filter((file) => entries.test(file)),
    folder,
  );
  for (const file of tracked.filter((name) => plainFiles.test(name))) copyPlain(root, folder, file);
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(packageManifest(manifest), null, 2)}\n`);
}

/** Plain JavaScript names TypeScript in its imports, which is compiled in the package. */
function copyPlain(root: string, folder: string, file: string): void {
  const [from, to] = [join(root, file), join(folder, file)];
  mkdirSync(dirname(to), { recursive: true });
  if (!/[.]c?js$|pulumi-resource/.test(file)) {
    copyFileSync(from, to);
    return;
  }
  const text = readFileSync(from, "utf8");
  writeFileSync(to, text.replace(/((?:from|import|import\(|require\()\s*"[.]{1,2}\/[^"]+)[.]ts"/g, '$1.js"'));
  if (file.startsWith("provider/") || file === "scripts/registry-kit.js") chmodSync(to, 0o755);
}
