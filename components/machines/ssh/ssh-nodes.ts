import type { Client, ClientChannel } from "ssh2";
import { Limiter } from "../../../lib/time/concurrency.ts";
import type { Node } from "../node.ts";
import { RemoteShell } from "../shell/remote-shell.ts";
import { shellNode } from "../shell/shell-node.ts";
import type { ShellStreams } from "../shell/shell-streams.ts";
import type { Shared } from "./share-connection.ts";
import { shareConnection } from "./share-connection.ts";
import { loginName, openSshClient } from "./ssh-client.ts";
import type { SshLogin, SshPlace } from "./ssh-login.ts";

/** Nodes that are worked on at a time: a login costs this machine and a jump host some processor time. */
const limiter = new Limiter(16);

const sessions = new Map<string, Shared<Session>>();
const jumpHosts = new Map<string, Shared<Connection>>();

interface Connection {
  client: Client;
  close(): void;
}

interface Session extends Connection {
  node: Node;
}

/** Does work on a node, over a connection that all work of this process on that node shares. */
export function withSshNode<Result>(
  place: SshPlace,
  login: SshLogin,
  work: (node: Node) => Promise<Result>,
): Promise<Result> {
  return limiter.run(async () => {
    const key = JSON.stringify([place, login]);
    const { connection, release } = await shareConnection(sessions, key, () => openSession(place, login));
    try {
      return await work(connection.node);
    } finally {
      release();
    }
  });
}

async function openSession(place: SshPlace, login: SshLogin): Promise<Session> {
  const client = await openClient(place, login);
  let last: ClientChannel | undefined;
  const execute = (command: string) =>
    new Promise<ShellStreams>((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error);
        last = channel;
        const { stderr } = channel;
        const close = () => void channel.close();
        const onEnd = (listener: () => void) => void channel.once("close", listener).once("error", listener);
        resolve({ stdin: channel, stdout: channel, stderr, close, onEnd });
      });
    });
  try {
    const { sudo, sudoPassword } = login;
    const shell = await RemoteShell.start(execute, { name: loginName(place, login.user), sudo, sudoPassword });
    // Without its shell the connection is of no use: the next resource gets a new one.
    if (last?.destroyed) client.end();
    last?.once("close", () => client.end());
    const close = () => {
      shell.end();
      client.end();
    };
    return { client, node: shellNode(shell), close };
  } catch (error) {
    client.end();
    throw error;
  }
}

async function openClient(place: SshPlace, login: SshLogin): Promise<Client> {
  if (!login.jump) return openSshClient(place, login.user, login);
  const { user, ...jump } = login.jump;
  const { connection, release } = await shareConnection(jumpHosts, JSON.stringify([jump, user, login]), async () => {
    const client = await openSshClient(jump, user, login);
    return { client, close: () => void client.end() };
  });
  try {
    const way = await forward(connection.client, place).catch((error: Error) => {
      const name = loginName(place, login.user);
      throw new Error(`${name}: the jump host ${loginName(jump, user)} can't reach it: ${error.message}.`);
    });
    const client = await openSshClient(place, login.user, login, way);
    client.once("close", release);
    return client;
  } catch (error) {
    release();
    throw error;
  }
}

function forward(client: Client, { host, port }: SshPlace): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}
