package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import org.jspecify.annotations.Nullable;

/** Tasks have no data. What another program may have put there is not read: db-scheduler's default would deserialize Java objects. */
final class NoData implements Serializer {
    @Override
    public byte[] serialize(@Nullable Object data) {
        return new byte[0];
    }

    @Override
    @SuppressWarnings("NullAway") // db-scheduler hands the absence of data on
    public <T> T deserialize(Class<T> type, byte[] data) {
        return null;
    }
}
