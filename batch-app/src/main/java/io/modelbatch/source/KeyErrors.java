package io.modelbatch.source;

/** Reasons why rows cannot be told apart by their key. */
final class KeyErrors {
    private KeyErrors() {}

    static WarehouseException isNull(String key, long rows) {
        return new WarehouseException("The key column '" + key + "' is null in " + rows
                + " rows; a key must name its row. Leave them out: WHERE " + key + " IS NOT NULL");
    }

    static WarehouseException occursTwice(String key, String value, long times) {
        return new WarehouseException("The key '" + value + "' occurs " + times + " times in column '" + key
                + "'; a key must name one row. Choose another key, or SELECT DISTINCT");
    }
}
