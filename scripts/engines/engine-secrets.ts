/** What only an engine may know: what encrypts the secrets in the state, and what opens the Pulumi Cloud. */
const names = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN"];
const kept: Record<string, string> = {};

/**
 * Takes an engine's secrets out of this process's environment, so that no other program that it starts gets them: `docker login`,
 * a dockerd in the background, apt.
 * @returns them, also when they have been taken out before.
 */
export function engineSecrets(): Record<string, string> {
  for (const name of names) {
    const value = process.env[name];
    if (value === undefined) continue;
    kept[name] = value;
    delete process.env[name];
  }
  return { ...kept };
}
