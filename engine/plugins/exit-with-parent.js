// Preloaded into plugins that would outlive an engine that was killed: standard input is a pipe from the
// engine, and its end means that the engine is gone.
process.stdin.on("close", () => process.exit(1));
process.stdin.resume();
