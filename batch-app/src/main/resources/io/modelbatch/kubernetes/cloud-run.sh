deploy() {
  filled "$2" | gcloud run jobs replace - --project="$PROJECT" --region="$REGION"
  gcloud run jobs add-iam-policy-binding "$1" --project="$PROJECT" --region="$REGION" --member="serviceAccount:$ACCOUNT" --role=roles/run.invoker
  at_schedule "$1" "https://run.googleapis.com/v2/projects/$PROJECT/locations/$REGION/jobs/$1:run"
}
