package io.modelbatch.warehouse;

/** Errors of keys that do not identify one row. */
public final class KeyErrors {
    private KeyErrors() {}

    public static WarehouseException isNull(String key, long rows) {
        return new WarehouseException("The key column '" + key + "' is null in " + rows
                + " rows; a key must name its row. Leave them out: WHERE " + key + " IS NOT NULL");
    }

    public static WarehouseException occursTwice(String key, String value, long times) {
        return new WarehouseException("The key '" + value + "' occurs " + times + " times in column '" + key
                + "'; a key must name one row. Choose another key, or SELECT DISTINCT");
    }
}
