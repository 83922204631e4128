import { join } from "node:path";
import { packageRoot } from "../project/project-root.ts";
import { buildPackage } from "./build-package.ts";

/** `npm run build` */
await buildPackage(packageRoot, join(packageRoot, "dist"));
console.log("Built: dist. To pack it: npm pack ./dist");
