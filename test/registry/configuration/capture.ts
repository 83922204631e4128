import { type RealRegistry, until } from "./real-registry.ts";

/** Listens for one connection inside the registry's container and keeps what arrives. */
export async function captureOn(registry: RealRegistry, port: number): Promise<void> {
  // An open standard input keeps nc from ending the connection before the request is there.
  await registry.startCommand("sh", "-c", `sleep 60 | nc -l -p ${port} > /captured`);
  const suffix = `:${port.toString(16).toUpperCase()}`;
  await until(async () => (await registry.listeners()).some((listener) => listener.endsWith(suffix)));
}

/** What has arrived there, once it holds the text. */
export async function captured(registry: RealRegistry, text: string): Promise<string> {
  await until(async () => (await registry.run("cat", "/captured")).includes(text));
  return registry.run("cat", "/captured");
}
