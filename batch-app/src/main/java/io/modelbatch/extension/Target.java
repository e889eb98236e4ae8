package io.modelbatch.extension;

import io.modelbatch.store.ObjectUri;
import io.modelbatch.warehouse.TableLoad;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that a run writes and that no other run may write at the same time.
 *
 * @param name for a person, and unique
 * @param use whether others may add to it meanwhile
 * @param folder the folder of a result; null for a table
 */
public record Target(String name, Use use, @Nullable ObjectUri folder) {
    private static final String TABLE = "table ";

    /** The use that a run makes of a target. */
    public enum Use {
        /** Replaces it. */
        ALONE,
        /** Adds to it. */
        SHARED
    }

    /** The folder of a result. */
    public static Target result(ObjectUri folder) {
        return new Target(folder.toString(), Use.ALONE, folder);
    }

    /** A table, or a day of one. */
    public static Target table(TableLoad.Target table) {
        return new Target(TABLE + table, table.mode() == TableLoad.Mode.APPEND ? Use.SHARED : Use.ALONE, null);
    }

    /** The folder, where the target is that of a result. */
    public Optional<ObjectUri> result() {
        return Optional.ofNullable(folder);
    }

    /** True when two runs must not have both at the same time. A day of a table is part of the whole table. */
    public boolean excludes(Target other) {
        boolean overlaps = name.equals(other.name) || isPartOf(other) || other.isPartOf(this);
        return overlaps && (use == Use.ALONE || other.use == Use.ALONE);
    }

    private boolean isPartOf(Target whole) {
        return name.startsWith(TABLE) && name.startsWith(whole.name + ", ");
    }
}
