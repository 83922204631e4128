#!/usr/bin/env bash
# Makes a file the one comment of its kind on a pull request: posts it, or replaces the one with the same marker.
# Usage: GH_TOKEN=... PULL_REQUEST=12 GITHUB_REPOSITORY=owner/name ci/comment.sh preview.md
set -euo pipefail

file=$1
marker=$(grep -m 1 -oE '<!-- [A-Za-z0-9 :._-]+ -->' "$file") || {
  echo "$file has no marker, an HTML comment such as <!-- registry-kit:preview -->" >&2
  exit 1
}
of_repository=repos/$GITHUB_REPOSITORY/issues
id=$(gh api --paginate "$of_repository/$PULL_REQUEST/comments" --jq ".[] | select(.body | contains(\"$marker\")) | .id" | head -n 1)
if [ -n "$id" ]; then
  gh api --silent --method PATCH "$of_repository/comments/$id" --field "body=@$file"
else
  gh api --silent --method POST "$of_repository/$PULL_REQUEST/comments" --field "body=@$file"
fi
