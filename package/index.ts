import { makePluginKnown } from "./make-plugin-known.ts";

/** `registry-kit`: the components, whose provider an engine finds once this is loaded. */
export * from "../components/index.ts";

makePluginKnown();
