import { execInContainer } from "../exec-in-container.ts";
import { messageOf } from "../explain-daemon-error.ts";
import type { ProofStorage } from "./proof-storage.ts";
import { deleteObject } from "./s3-objects.ts";

/** What a proof may have stored. */
export interface Stored {
  repository: string;
  tag: string;
  /** Hex of the digests of its manifest, configuration and layers, as far as they are known. */
  digests: string[];
  /** Whether that is all. */
  isComplete: boolean;
  /** Ids of uploads that were taken back. */
  uploads: string[];
}

/**
 * Removes what the proof stored, then what killed proofs left in the same repository: blobs of less than 2 KiB that are as a proof
 * makes them (an image that was imported, with one file of that name), and after ten minutes only: another proof may run. Where the
 * digests are not known, at once. At the end the folders that are empty by then. Everything is found by its path in
 * Distribution's storage (registry/storage/paths.go).
 */
const script = `
cd "$1/docker/registry/v2" || exit 1
repository=repositories/$2 tag=$3 age=$4
shift 4
blob() { b=\${1#??}; echo "blobs/sha256/\${1%"$b"}/$1"; }
forget() { rm -rf "$(blob "$1")" "$repository/_layers/sha256/$1" "$repository/_manifests/revisions/sha256/$1"; rmdir "$(dirname "$(blob "$1")")" 2>/dev/null; }
for h in "$@"; do forget "$h"; done
rm -rf "$repository/_manifests/tags/$tag"
[ -d "$repository" ] || exit 0
ours=
for d in $(find "$repository/_layers/sha256" -mindepth 1 -maxdepth 1 $age 2>/dev/null); do
  h=\${d##*/} f=$(blob "\${d##*/}")/data
  [ -f "$f" ] || continue
  [ "$(wc -c < "$f")" -lt 2048 ] || continue
  if grep -q 'Imported from -' "$f" || [ "$(zcat "$f" 2>/dev/null | head -c 5)" = proof ]; then ours="$ours $h"; fi
done
for d in $(find "$repository/_manifests/revisions/sha256" -mindepth 1 -maxdepth 1 $age 2>/dev/null); do
  h=\${d##*/} f=$(blob "\${d##*/}")/data
  for o in $ours; do [ -f "$f" ] && grep -q "$o" "$f" && forget "$h"; done
done
for h in $ours; do forget "$h"; done
for t in $(find "$repository/_manifests/tags" -mindepth 1 -maxdepth 1 2>/dev/null); do
  h=$(cat "$t/current/link" 2>/dev/null)
  [ -n "$h" ] && [ ! -e "$(blob "\${h#sha256:}")/data" ] && rm -rf "$t"
done
for u in $(find "$repository/_uploads" -mindepth 1 -maxdepth 1 2>/dev/null); do
  # The registry keeps the state of an upload that was taken back.
  if [ -z "$age" ] || [ ! -e "$u/startedat" ] || [ -n "$(find "$u" -maxdepth 0 -mmin +10)" ]; then rm -rf "$u"; fi
done
find "$repository" -depth -type d -exec rmdir {} \\; 2>/dev/null
exit 0`;

/** @returns why something is left; undefined: nothing is */
export async function removeFromStorage(storage: ProofStorage, stored: Stored): Promise<string | undefined> {
  try {
    if (storage.kind === "none") return storage.why;
    if (storage.kind === "s3") {
      for (const key of keysOf(stored)) await deleteObject(storage.access, under(storage.root, key));
      return stored.isComplete ? undefined : "the push did not end, and what it stored is not known";
    }
    const { repository, tag, digests, isComplete } = stored;
    const age = isComplete ? "-mmin +10" : "";
    const command = ["sh", "-c", script, "sh", storage.root, repository, tag, age, ...digests];
    const { code } = await execInContainer(storage.container, command);
    return code === 0 ? undefined : `its folder cannot be cleared in the container (code ${code})`;
  } catch (error) {
    return messageOf(error);
  }
}

/** Keys of all objects that the push of an image makes. */
function keysOf({ repository, tag, digests, uploads }: Stored): string[] {
  const of = `repositories/${repository}`;
  return [
    ...uploads.map((id) => `${of}/_uploads/${id}/hashstates/sha256/0`),
    `${of}/_manifests/tags/${tag}/current/link`,
    ...digests.flatMap((hex) => [
      `${of}/_manifests/tags/${tag}/index/sha256/${hex}/link`,
      `${of}/_manifests/revisions/sha256/${hex}/link`,
      `${of}/_layers/sha256/${hex}/link`,
      `blobs/sha256/${hex.slice(0, 2)}/${hex}/data`,
    ]),
  ].map((key) => `docker/registry/v2/${key}`);
}

function under(root: string, key: string): string {
  return [...root.split("/").filter(Boolean), key].join("/");
}
