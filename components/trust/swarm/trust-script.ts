/**
 * What a task of `SwarmTrust` runs on its node, for a POSIX shell with sha256sum and cmp:
 * `sh -c SCRIPT sh <keep|remove> <certs.d> <name> <ca.crt> <folder>...`.
 *
 * It writes down what it made in `certs.d/.registry-kit-<name>`, a line each: `<sha256> <folder>` for a `ca.crt`, `made <folder>`
 * for a folder. So a node that was away while hosts changed comes right when it is back, and nothing of others is touched:
 * exit code 3 where a `ca.crt` that is not written down here is in the way; an equal one is used as it is, and stays.
 *
 * `keep` looks again every minute and repairs what is missing; `remove` ends with 0 when all that was made is gone.
 */
export const trustScript = `set -eu
umask 022
mode=$1 certs=$2 record=$2/.registry-kit-$3 ca=$4
shift 4

sum() { sha256sum < "$1" | cut -d ' ' -f 1; }

# Whether the ca.crt of a folder may be replaced: there is none, or one that was written here.
free() {
  [ -e "$certs/$1/ca.crt" ] || [ -L "$certs/$1/ca.crt" ] || return 0
  [ ! -L "$certs/$1/ca.crt" ] && grep -qxF "$(sum "$certs/$1/ca.crt") $1" "$record"
}

in_place() { [ ! -L "$certs/$1/ca.crt" ] && cmp -s "$ca" "$certs/$1/ca.crt"; }

write() {
  if [ ! -d "$certs/$1" ]; then
    echo "made $1" >> "$record"
    mkdir "$certs/$1"
  fi
  echo "$(sum "$ca") $1" >> "$record"
  cp "$ca" "$certs/$1/.ca.crt.registry-kit"
  chmod 0444 "$certs/$1/.ca.crt.registry-kit"
  mv -f "$certs/$1/.ca.crt.registry-kit" "$certs/$1/ca.crt"
}

settle() {
  if [ ! -d "$certs" ]; then
    mkdir -p "$certs"
    echo "made ." > "$record"
  fi
  touch "$record"
  for folder; do
    if ! in_place "$folder" && ! free "$folder"; then
      echo "$certs/$folder/ca.crt is not one that $record names: remove it, or leave that node to whoever wrote it" >&2
      exit 3
    fi
  done
  for folder; do in_place "$folder" || write "$folder"; done
  # What is written down of other hosts goes, the files before their folders, and so do lines of older certificates.
  while read -r hash folder; do
    case " $* " in *" $folder "*) continue ;; esac
    file=$certs/$folder/ca.crt
    rm -f "$certs/$folder/.ca.crt.registry-kit"
    if [ "$hash" != made ] && [ -f "$file" ] && [ "$(sum "$file")" = "$hash" ]; then rm -f "$file"; fi
  done < "$record"
  while read -r hash folder; do
    case " . $* " in *" $folder "*) [ "$hash" = made ] || [ "$hash" = "$(sum "$ca")" ] || continue ;; *)
      [ "$hash" != made ] || rmdir "$certs/$folder" 2> /dev/null || true
      continue ;;
    esac
    echo "$hash $folder"
  done < "$record" > "$record.next"
  if cmp -s "$record.next" "$record"; then rm "$record.next"; else mv -f "$record.next" "$record"; fi
}

if [ "$mode" = remove ]; then
  [ -d "$certs" ] || exit 0
  settle
  made=$(cat "$record")
  rm -f "$record"
  if [ "$made" = "made ." ]; then rmdir "$certs" 2> /dev/null || true; fi
  exit 0
fi
trap 'kill \${!:-} 2> /dev/null || true; exit 0' TERM INT
while :; do
  settle "$@"
  sleep 60 &
  wait $!
done
`;
