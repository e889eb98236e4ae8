# A job of Cloud Run, which the service account may start. Arguments: its name, its file.
deploy() {
  filled "$2" | gcloud run jobs replace - --project="$PROJECT" --region="$REGION"
  gcloud run jobs add-iam-policy-binding "$1" --project="$PROJECT" --region="$REGION" --member="serviceAccount:$ACCOUNT" --role=roles/run.invoker
}
