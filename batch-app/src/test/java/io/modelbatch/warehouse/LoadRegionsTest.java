package io.modelbatch.warehouse;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadRegionsTest {
    @ParameterizedTest
    @CsvSource({"EU, EU", "eu, EU", "EU, EUROPE-WEST3", "US, asia-northeast1", "asia-northeast1, ASIA-NORTHEAST1"})
    void aBucketNearIsFine(String location, String region) {
        assertThatCode(() -> new LoadRegions(location).verify("b", region)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"EU, US", "europe-west3, EU", "us-east4, US", "asia-northeast1, asia-northeast2"})
    void aBucketElsewhereIsRefused(String location, String region) {
        assertThatThrownBy(() -> new LoadRegions(location).verify("b", region))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("bucket b is in " + region, "--location=" + location);
    }
}
