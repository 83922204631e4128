#!/usr/bin/env bash
# Opens an issue with a title and a file as its text, or adds the file to the open issue of that title.
# Only an issue of AUTHOR counts (default: github-actions[bot], who GITHUB_TOKEN writes as): anyone can choose a title.
# Usage: GH_TOKEN=... GITHUB_REPOSITORY=owner/name ci/alarm.sh TITLE drift.md
set -euo pipefail

title=$1
file=$2
export GH_REPO=$GITHUB_REPOSITORY TITLE=$title
number=$(gh api --paginate --method GET "repos/$GITHUB_REPOSITORY/issues" \
  --raw-field state=open --raw-field "creator=${AUTHOR:-github-actions[bot]}" \
  --jq '.[] | select(.title == env.TITLE and .pull_request == null) | .number' | head -n 1)
if [ -n "$number" ]; then
  gh issue comment "$number" --body-file "$file"
else
  gh issue create --title "$title" --body-file "$file"
fi
