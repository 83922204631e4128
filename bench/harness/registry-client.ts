import { curl } from "../../test/support/curl.ts";
import { poll } from "../../test/support/poll.ts";

export interface RegistryUser {
  name: string;
  password: string;
}

/** A registry with TLS and users on 127.0.0.1. */
export interface ReachableRegistry {
  port: number;
  /** PEM of its certificate authority; undefined: not known yet, any certificate will do. */
  authority: string | undefined;
  user: RegistryUser;
}

/** Waits until a registry answers over TLS: 401 without a password, 200 with it. */
export async function awaitRegistry({ port, authority, user }: ReachableRegistry): Promise<void> {
  const url = `https://127.0.0.1:${port}/v2/`;
  const tls = authority === undefined ? { insecure: true } : { authority };
  const status = async (credentials: { user?: string }) => (await curl(url, { ...tls, ...credentials })).status;
  await poll(
    `registry on port ${port} answers`,
    async () => {
      const seen = [await status({}), await status({ user: `${user.name}:${user.password}` })].join("/");
      if (seen !== "401/200") throw new Error(`it answered ${seen}`);
      return true;
    },
    { pause: 10 },
  );
}
