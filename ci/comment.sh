#!/usr/bin/env bash
# Keeps one comment of its kind on a pull request: posts the file, or replaces the comment that holds the same marker.
# Only a comment of AUTHOR counts (default: github-actions[bot], who GITHUB_TOKEN writes as): anyone can write the marker.
# Usage: GH_TOKEN=... PULL_REQUEST=12 GITHUB_REPOSITORY=owner/name ci/comment.sh preview.md
set -euo pipefail

file=$1
marker=$(grep -m 1 -oE '<!-- [A-Za-z0-9 :._-]+ -->' "$file") || {
  echo "$file has no marker. Add an HTML comment such as <!-- registry-kit:preview -->." >&2
  exit 1
}
export MARKER=$marker AUTHOR=${AUTHOR:-github-actions[bot]}
of_repository=repos/$GITHUB_REPOSITORY/issues
id=$(gh api --paginate "$of_repository/$PULL_REQUEST/comments" \
  --jq '.[] | select(.user.login == env.AUTHOR and (.body | contains(env.MARKER))) | .id' | head -n 1)
if [ -n "$id" ]; then
  gh api --silent --method PATCH "$of_repository/comments/$id" --field "body=@$file"
else
  gh api --silent --method POST "$of_repository/$PULL_REQUEST/comments" --field "body=@$file"
fi
