# A group without machines, until it is asked for them. Arguments: its name, the arguments of its processes, flags for the template of its machines.
group() {
  local GROUP=$1 ARGUMENTS=$2 folder template
  shift 2
  folder=$(mktemp -d)
  filled startup.sh GROUP ARGUMENTS >"$folder/startup.sh"
  template=$GROUP-$(cat deploy.sh shutdown.sh "$folder/startup.sh" | cksum | cut -d ' ' -f 1)
  if ! gcloud compute instance-templates describe "$template" --project="$PROJECT" >/dev/null 2>&1; then
    gcloud compute instance-templates create "$template" --project="$PROJECT" "$@" --image-family=cos-stable --image-project=cos-cloud \
      --boot-disk-size=100GB --region="$REGION" --subnet="$SUBNET" --no-address --service-account="$ACCOUNT" --scopes=cloud-platform \
      --metadata=google-logging-enabled=true --metadata-from-file="startup-script=$folder/startup.sh,shutdown-script=shutdown.sh"
  fi
  rm -r "$folder"
  if gcloud compute instance-groups managed describe "$GROUP" --project="$PROJECT" --region="$REGION" >/dev/null 2>&1; then
    gcloud compute instance-groups managed set-instance-template "$GROUP" --project="$PROJECT" --region="$REGION" --template="$template"
  else
    gcloud compute instance-groups managed create "$GROUP" --project="$PROJECT" --region="$REGION" --template="$template" --size=0 \
      --target-distribution-shape=any --instance-redistribution-type=none
  fi
}
