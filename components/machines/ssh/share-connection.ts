import type { Client } from "ssh2";

/** Milliseconds for which a connection that nobody uses waits for the next user. */
const idle = 10_000;

/** A connection and how many use it. */
export interface Shared<Connection> {
  opening: Promise<Connection>;
  users: number;
  timer?: NodeJS.Timeout;
}

/** The open connection of that key, or a new one. It closes a while after its last user has released it. */
export async function shareConnection<Connection extends { client: Client; close(): void }>(
  all: Map<string, Shared<Connection>>,
  key: string,
  open: () => Promise<Connection>,
): Promise<{ connection: Connection; release(): void }> {
  const shared: Shared<Connection> = all.get(key) ?? { opening: open(), users: 0 };
  const isNew = !all.has(key);
  all.set(key, shared);
  shared.users++;
  clearTimeout(shared.timer);
  const forget = () => {
    if (all.get(key) === shared) all.delete(key);
  };
  const connection = await shared.opening.catch((error: unknown) => {
    forget();
    throw error;
  });
  if (isNew) connection.client.once("close", forget);
  const close = () => {
    forget();
    connection.close();
  };
  const release = () => {
    if (--shared.users === 0) shared.timer = setTimeout(close, idle);
  };
  return { connection, release };
}
