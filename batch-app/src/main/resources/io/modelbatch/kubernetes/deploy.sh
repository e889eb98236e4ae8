# The names are those of docs/cloud-run.md. A value of yours takes precedence over the defaults.
: "${DATASET:=modelbatch}" "${NETWORK:=default}" "${SUBNET:=default}" "${SECRET:=modelbatch-repository}" "${REPOSITORY_USER:=modelbatch}"
names=("${required[@]}" DATASET NETWORK SUBNET SECRET REPOSITORY_USER)
problems=()
for name in "${names[@]}"; do
  if [[ -z ${!name:-} ]]; then
    problems+=("$name is missing")
  elif [[ ${!name} == *[\"\'\`\$\\[:space:]]* ]]; then
    problems+=("$name has a character that is not allowed: a quote, a backslash, a dollar sign or a space")
  fi
done
if ((${#problems[@]})); then
  printf 'deploy.sh: %s\n' "${problems[@]}" "see docs/cloud-run.md; nothing was changed" >&2
  exit 2
fi

# Prints a file with the values in place of ${NAME}. Arguments: the file, more names.
filled() {
  local text name
  text=$(<"$1")
  shift
  for name in "${names[@]}" "$@"; do
    text=${text//"\${$name}"/"${!name}"}
  done
  printf '%s\n' "$text"
}

# Lets Cloud Scheduler post to an address at the times of the job. Arguments: the name of the entry, the address, more flags.
at_schedule() {
  local entry=$1 address=$2 verb=create headers=--headers
  shift 2
  if gcloud scheduler jobs describe "$entry" --project="$PROJECT" --location="$REGION" >/dev/null 2>&1; then
    verb=update headers=--update-headers
  fi
  gcloud scheduler jobs "$verb" http "$entry" --project="$PROJECT" --location="$REGION" --schedule="${SCHEDULE:-0 0 1 1 *}" \
    --time-zone="$ZONE" --uri="$address" --http-method=POST --oauth-service-account-email="$ACCOUNT" \
    "$headers=Content-Type=application/json" "$@"
  if [[ -z $SCHEDULE ]]; then
    gcloud scheduler jobs pause "$entry" --project="$PROJECT" --location="$REGION"
  fi
}

gcloud storage cp "job-configs/$JOB.yaml" "gs://$BUCKET/job-configs/$JOB.yaml" --project="$PROJECT"
