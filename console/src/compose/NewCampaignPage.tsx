export default function NewCampaignPage() {
  return null;
}
