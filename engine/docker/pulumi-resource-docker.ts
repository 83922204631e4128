import { enableCompileCache } from "node:module";
import { serveProvider } from "../../lib/provider/serve-provider.ts";
import { dockerProvider } from "./provider.ts";

enableCompileCache();

await serveProvider(dockerProvider(), process.argv.slice(2));
