import { hostname } from "node:os";
import { sha256 } from "../../../lib/files/sha256.ts";
import { type Check, failed, passed, skipped } from "../check.ts";
import { importRandomImage, pushImage } from "../daemon-images.ts";
import { explainDaemonError, messageOf } from "../explain-daemon-error.ts";
import { findStorageProblem, findUploadProblem } from "../find-storage-problem.ts";
import { allowsDeletion } from "../manifest.ts";
import { requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";
import { certificateOf } from "./certificates-of-hosts.ts";
import { rightPasswordAccepted } from "./right-password-accepted.ts";

/** A small image, made on the spot, goes through the Docker daemon into the registry. */
export const push: Check = {
  name: "push",
  needs: ({ api }) => [answers.name, certificateOf(api.host), rightPasswordAccepted.name],
  async run(context, signal) {
    const { api, target, registryNames, docker, image, storage } = context;
    if (target.acceptsPushes === false) return skipped("the settings make the registry read-only, or a cache");
    const [user] = target.users;
    if (!user) {
      const { status } = await requestRegistry(api, { method: "GET", path: "/v2/" }, signal);
      if (status === 401) return skipped("the registry asks for a password and none is known");
    }
    if (storage.kind === "none" && !(await allowsDeletion(context, signal))) {
      // It stays. The next proof from this machine replaces it, so that there is never more than one.
      image.tag = `from-${sha256(hostname()).slice(0, 16)}`;
    }
    const name = registryNames[0]?.name ?? "";
    const repository = `${name}/${image.repository}`;
    const reference = `${repository}:${image.tag}`;
    try {
      await docker.ping();
      image.references.add(reference);
      const refused = await findUploadProblem(context, signal);
      if (refused) return failed(refused);
      const imageId = await importRandomImage(docker, repository, image.tag);
      image.pushStarted = true;
      const digest = await pushImage(docker, repository, image.tag, user);
      image.pushed = { imageId, digest };
      return passed(`${reference}, ${digest}`);
    } catch (error) {
      signal.throwIfAborted();
      const problem = await findStorageProblem(context, signal);
      return failed(problem ? `${messageOf(error)}: ${problem}` : explainDaemonError(error, name, target));
    }
  },
};
