import { serveProvider } from "../../../lib/provider/serve-provider.ts";
import { awsProvider } from "./aws-provider.ts";

await serveProvider(awsProvider(), process.argv.slice(2));
