import * as pulumi from "@pulumi/pulumi";

/** What a program asked an engine to register; inputs with their secret wrappers. */
export interface Registration {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  additionalSecretOutputs: string[];
}

/** The parts of the SDK's mock monitor and its messages that are used here; neither has public types. */
interface Monitor {
  registerResource(request: RegisterRequest, done: unknown): unknown;
}
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getObject(): { toJavaScript(): Record<string, unknown> };
  getAdditionalsecretoutputsList(): string[];
}

/**
 * Puts Pulumi's mock engine in place for the resources made from now on; their outputs are their inputs and `outputs`.
 * Returns a function that waits until all are registered and tells them, sorted by name.
 */
export async function recordRegistrations(outputs: Record<string, unknown>): Promise<() => Promise<Registration[]>> {
  const seen: Registration[] = [];
  await pulumi.runtime.setMocks({
    newResource: (args) => ({ id: args.name, state: { ...args.inputs, ...outputs } }),
    call: () => ({}),
  });
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    seen.push({
      type: request.getType(),
      name: request.getName(),
      inputs: request.getObject().toJavaScript(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    });
    return register(request, done);
  };
  return async () => {
    await pulumi.runtime.disconnect();
    return seen.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  };
}
