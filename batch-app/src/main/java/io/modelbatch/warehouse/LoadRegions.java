package io.modelbatch.warehouse;

import java.util.Locale;

/**
 * The regions of buckets that tables are loaded from.
 *
 * @param location of the tables
 */
public record LoadRegions(String location) {
    private static final String EVERYWHERE = "US";

    /**
     * Refuses a bucket elsewhere. Tables of the EU are loaded from all regions of Europe, those of the US from everywhere.
     *
     * @param bucket its name
     * @param region where it is
     * @throws WarehouseException says where it has to be
     */
    public void verify(String bucket, String region) {
        boolean isEuropean = location.equalsIgnoreCase("EU")
                && region.toLowerCase(Locale.ROOT).startsWith("europe-");
        if (!location.equalsIgnoreCase(EVERYWHERE) && !location.equalsIgnoreCase(region) && !isEuropean) {
            throw new WarehouseException("The bucket " + bucket + " is in " + region + ", and tables in " + location
                    + " are not loaded from there. Write to a bucket in " + location
                    + "; make one with: gcloud storage buckets create gs://NAME --location=" + location);
        }
    }
}
