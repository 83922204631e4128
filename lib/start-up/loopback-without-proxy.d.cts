/** Variables that keep connections to loopback away from a proxy that the environment names; empty where it names none. */
export function loopbackWithoutProxy(environment: NodeJS.ProcessEnv): Record<string, string>;
