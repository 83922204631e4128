import type * as pulumi from "@pulumi/pulumi";
import { parsedInput } from "../parsed-input.ts";
import { type RegistryOptions, registryOptions } from "./configuration/registry-options.ts";
import { defaultImage, type Image } from "./image.ts";
import type { ContainerOptions, RegistryContainerArgs } from "./registry-container-args.ts";
import type { RegistryServiceArgs } from "./registry-service-args.ts";
import type { RegistryStorage } from "./registry-storage.ts";
import type { ServiceOptions } from "./service-options.ts";

/** Arguments of a container with every default filled in. */
export type FilledArguments = Omit<RegistryContainerArgs, "container"> & {
  image: Image;
  port: pulumi.Input<number>;
  address: pulumi.Input<string>;
  storage: RegistryStorage;
  options: RegistryOptions;
  container: ContainerOptions;
};

/** What a program leaves out is what the class says. @throws where the options do not hold */
export function filledArguments(resource: string, args: RegistryContainerArgs): FilledArguments {
  const { image, port, address, storage, options, container } = args;
  return {
    ...args,
    image: image ?? defaultImage,
    port: port ?? 5000,
    address: address ?? "127.0.0.1",
    storage: storage ?? { volume: { name: `${resource}-data`, keep: true } },
    options: parsedInput("options", registryOptions, options ?? {}),
    container: {
      restart: "unless-stopped",
      memory: 1024,
      processes: 512,
      logs: { maxSize: "10m", maxFiles: 3 },
      labels: {},
      ...container,
    },
  };
}

/** Arguments of a service with every default filled in, and how it runs. */
export type FilledServiceArguments = Omit<RegistryServiceArgs, "service"> & {
  image: Image;
  port: pulumi.Input<number>;
  options: RegistryOptions;
  service: ServiceOptions;
};

/** As {@link filledArguments}, of a service. */
export function filledServiceArguments(args: RegistryServiceArgs, service: ServiceOptions): FilledServiceArguments {
  const { image, port, options } = args;
  return {
    ...args,
    image: image ?? defaultImage,
    port: port ?? 5000,
    options: parsedInput("options", registryOptions, options ?? {}),
    service,
  };
}
