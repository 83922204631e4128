import type Docker from "dockerode";
import { attempt, daemonMessage, orMissing } from "../../../lib/docker/docker-error.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { isTrue, labelsOf, mapOf, objectsOf, textOf, toLabels } from "../../../lib/protocol/values.ts";
import { waitUntil } from "../../../lib/time/wait-until.ts";
import { flag, labels, map, object, set, text } from "../common/fields.ts";
import { filled, given } from "../common/given.ts";
import { removeOnceUnused } from "../common/remove-once-unused.ts";
import type { ResourceType } from "../common/resource-type.ts";

const replaces = true;

/**
 * `docker:index/network:Network`. Its id is Docker's. Every change replaces it.
 * Docker allows two networks of one name; creation asks it to refuse that (`CheckDuplicate`), as otherwise a
 * repeated run could make a second one. Deleting one that containers still use waits up to 30 seconds for them.
 */
export const network: ResourceType = {
  token: "docker:index/network:Network",
  inputs: {
    attachable: flag({ replaces }),
    driver: text({ replaces, computed: true }),
    ingress: flag({ replaces }),
    internal: flag({ replaces, computed: true }),
    // The gateway of an overlay network, of which only the subnet is given, is Docker's to choose: Pulumi's plugin takes that
    // for a change, and replaces the network at every run.
    ipamConfigs: set(
      object({ auxAddress: map(), gateway: text({ computed: true }), ipRange: text(), subnet: text() }),
      { replaces, computed: true },
    ),
    ipamDriver: text({ replaces, default: "default" }),
    ipamOptions: map({ replaces }),
    ipv6: flag({ replaces }),
    labels: labels(),
    name: text({ replaces }),
    options: map({ replaces, computed: true, adds: /^com\.docker\.network\.driver\.overlay\.vxlanid_list$/ }),
  },
  computedOutputs: ["scope"],
  autoName: true,
  deleteBeforeReplace: "if named",

  async create({ docker }, inputs) {
    const name = textOf(inputs.name) ?? "";
    const made = await attempt(`create the network "${name}"`, () => docker.createNetwork(createOptions(name, inputs)));
    // A swarm answers before it has set its network up: what is read until then has no driver, and would be a difference.
    const isSetUp = async () => (await docker.getNetwork(made.id).inspect()).Driver !== "" || undefined;
    await waitUntil(() => isSetUp().catch(() => undefined), { within: 10_000, every: 100 });
    return made.id;
  },

  async read({ docker }, id) {
    const found = await attempt(`inspect the network "${id}"`, () => orMissing(docker.getNetwork(id).inspect()));
    return found && { id: found.Id, outputs: networkOutputs(found) };
  },

  delete: ({ docker }, id) =>
    attempt(`delete the network "${id}"`, () =>
      removeOnceUnused(
        () => docker.getNetwork(id).remove(),
        (error) => /has active endpoints|is in use/.test(daemonMessage(error)),
      ),
    ),

  async find({ docker }, inputs) {
    const name = textOf(inputs.name) ?? "";
    const found = (await docker.listNetworks({ filters: { name: [name] } })).find(
      (candidate) => candidate.Name === name,
    );
    return found && { id: found.Id, createdAt: new Date(found.Created), isHalfMade: false };
  },
};

/** What Docker says of a network, under the names of its inputs. */
export function networkOutputs(found: Docker.NetworkInspectInfo): PropertyMap {
  return {
    name: found.Name,
    labels: toLabels(found.Labels),
    driver: found.Driver,
    internal: found.Internal,
    attachable: found.Attachable,
    ingress: found.Ingress,
    ipv6: found.EnableIPv6 ?? false,
    ipamDriver: found.IPAM?.Driver ?? "default",
    ipamOptions: found.IPAM?.Options ?? {},
    ipamConfigs: (found.IPAM?.Config ?? []).map((config) => ipamOutput(config)),
    options: found.Options ?? {},
    scope: found.Scope,
  };
}

function ipamOutput(config: object): PropertyMap {
  const { Subnet, IPRange, Gateway, AuxiliaryAddresses } = config as Record<string, string> & {
    AuxiliaryAddresses?: Record<string, string>;
  };
  const aux = AuxiliaryAddresses ? { auxAddress: AuxiliaryAddresses } : {};
  return { subnet: Subnet ?? "", ipRange: IPRange ?? "", gateway: Gateway ?? "", ...aux };
}

function createOptions(name: string, inputs: PropertyMap): Docker.NetworkCreateOptions {
  const ipamConfigs = objectsOf(inputs.ipamConfigs).map((config) =>
    given({
      Subnet: textOf(config.subnet),
      IPRange: textOf(config.ipRange),
      Gateway: textOf(config.gateway),
      AuxiliaryAddresses: config.auxAddress ? mapOf(config.auxAddress) : undefined,
    }),
  );
  return given({
    Name: name,
    CheckDuplicate: true,
    Internal: isTrue(inputs.internal),
    Attachable: isTrue(inputs.attachable),
    Ingress: isTrue(inputs.ingress),
    EnableIPv6: isTrue(inputs.ipv6),
    Driver: textOf(inputs.driver),
    Options: inputs.options ? mapOf(inputs.options) : undefined,
    Labels: inputs.labels ? labelsOf(inputs.labels) : undefined,
    IPAM: given({
      Driver: textOf(inputs.ipamDriver) ?? "default",
      Config: filled(ipamConfigs),
      Options: inputs.ipamOptions ? mapOf(inputs.ipamOptions) : undefined,
    }),
  }) as Docker.NetworkCreateOptions;
}
