// CommonJS, which any Node takes: it runs before it is known that this one is new enough.
const loopback = ["127.0.0.1", "localhost", "::1"];
const isProxy = /^(http|https|grpc|all)_proxy$/i;

/**
 * Variables that keep connections to loopback away from a proxy that the environment names; empty where it names none. Engine, program
 * and plugins talk over loopback, and a registry or a Docker host may listen there. What the user has excepted stays so.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Record<string, string>}
 */
function loopbackWithoutProxy(environment) {
  if (!Object.keys(environment).some((name) => isProxy.test(name) && environment[name])) return {};
  const given = environment.no_proxy || environment.NO_PROXY;
  const list = (own) => [...new Set([...(own || "").split(",").filter(Boolean), ...loopback])].join(",");
  // grpc-js and gRPC's C core look at the first of no_grpc_proxy and no_proxy only.
  return { no_proxy: list(given), NO_PROXY: list(given), no_grpc_proxy: list(environment.no_grpc_proxy || given) };
}

module.exports = { loopbackWithoutProxy };
