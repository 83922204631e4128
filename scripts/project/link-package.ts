import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../terminal/user-error.ts";
import { packageRoot } from "./project-root.ts";

/**
 * Lets Pulumi.yaml find the program in node_modules/registry-kit where npx brought the kit and the project has no packages of its own:
 * node_modules is then a link to npx's. `npm install` replaces it by a folder.
 *
 * @param project folder of Pulumi.yaml; one that names another program is left alone
 * @throws {UserError} where the project has other packages only
 */
export function linkPackage(project: string): void {
  const packages = join(project, "node_modules");
  const file = join(project, "Pulumi.yaml");
  if (!existsSync(file) || !readFileSync(file, "utf8").includes("node_modules/registry-kit/")) return;
  const own = dirname(packageRoot);
  const isLink = lstatSync(packages, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (isLink && !existsSync(join(packages, "registry-kit"))) rmSync(packages);
  if (existsSync(join(packages, "registry-kit"))) return;
  if (existsSync(packages) || basename(own) !== "node_modules") {
    throw new UserError(
      `${packages} has no registry-kit, which Pulumi.yaml names. Type there: npm install registry-kit @pulumi/pulumi @pulumi/docker`,
    );
  }
  symlinkSync(own, packages);
}
