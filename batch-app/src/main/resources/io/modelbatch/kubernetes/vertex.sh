deploy() {
  local body
  body=$(mktemp)
  filled "$1" | grep -v '^#' >"$body"
  at_schedule "$JOB" "https://$REGION-aiplatform.googleapis.com/v1beta1/projects/$PROJECT/locations/$REGION/customJobs" \
    --message-body-from-file="$body"
  rm "$body"
}
