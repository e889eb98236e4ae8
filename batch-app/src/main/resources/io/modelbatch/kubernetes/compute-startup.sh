group=${GROUP}
arguments=(${ARGUMENTS})
image="${IMAGE}"
set -uo pipefail
: "${STATE:=/var/lib/modelbatch}"
export HOME=$STATE # Container-Optimized OS cannot write /root
mkdir -p "$STATE/job-configs"

# A value of the metadata server.
metadata() {
  curl --fail --silent --show-error --retry 5 --header "Metadata-Flavor: Google" "http://metadata.google.internal/computeMetadata/v1/instance/$1"
}

# The value of a text in JSON from the standard input.
field() {
  sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"
}

token() {
  metadata service-accounts/default/token | tr ',' '\n' | field access_token
}

# Takes this machine out of its group, so that no other one replaces it.
leave() {
  local zone name
  zone=$(metadata zone)
  zone=${zone##*/}
  name=$(metadata name)
  curl --fail --silent --show-error --retry 5 --header "Authorization: Bearer $(token)" --header "Content-Type: application/json" \
    --data "{\"instances\": [\"zones/$zone/instances/$name\"]}" \
    "https://compute.googleapis.com/compute/v1/projects/${PROJECT}/regions/${REGION}/instanceGroupManagers/$group/deleteInstances"
}

gpu=()
if [[ ${variables[*]} == *LD_LIBRARY_PATH=* ]]; then
  cos-extensions install gpu
  mount --bind /var/lib/nvidia /var/lib/nvidia
  mount -o remount,exec /var/lib/nvidia
  gpu=(--volume=/var/lib/nvidia/lib64:/usr/local/nvidia/lib64:ro)
  for device in /dev/nvidia*; do
    [[ -c $device ]] && gpu+=(--device="$device")
  done
fi

docker-credential-gcr configure-docker --registries="${image%%/*}"
volumes=()
if [[ ${arguments[0]} == job=* ]]; then
  job=${arguments[0]#job=}
  curl --fail --silent --show-error --retry 5 --header "Authorization: Bearer $(token)" --output "$STATE/job-configs/$job.yaml" \
    "https://storage.googleapis.com/storage/v1/b/${BUCKET}/o/job-configs%2F$job.yaml?alt=media"
  volumes=(--volume="$STATE/job-configs":/etc/modelbatch/job-configs:ro)
  variables+=(--env=MODELBATCH_JOBS=/etc/modelbatch/job-configs)
fi

# 0, 2 and 3 are final. After 4 and 143 the machine is taken away within a minute, and its group makes another one, or a person has stopped the run.
for attempt in 1 2 3; do
  docker rm --force modelbatch >/dev/null 2>&1
  docker run --name=modelbatch --network=host --stop-timeout=20 --read-only --tmpfs=/run --volume=modelbatch:/tmp "${gpu[@]}" "${volumes[@]}" \
    "${variables[@]}" "$image" "${arguments[@]}"
  code=$?
  echo "modelbatch: attempt $attempt ended with $code"
  case $code in
    0 | 2 | 3) break ;;
    4 | 143)
      sleep 60
      break
      ;;
    *) sleep 60 ;;
  esac
done
leave
