#!/usr/bin/env bash
# Opens an issue with a title and a file as its text, or adds the file to the open issue of that title.
# Usage: GH_TOKEN=... GITHUB_REPOSITORY=owner/name ci/alarm.sh TITLE drift.md
set -euo pipefail

title=$1
file=$2
export GH_REPO=$GITHUB_REPOSITORY
number=$(gh issue list --state open --limit 1000 --json number,title --jq ".[] | select(.title == \"$title\") | .number" | head -n 1)
if [ -n "$number" ]; then
  gh issue comment "$number" --body-file "$file"
else
  gh issue create --title "$title" --body-file "$file"
fi
