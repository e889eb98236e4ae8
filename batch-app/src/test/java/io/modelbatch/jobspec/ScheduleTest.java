package io.modelbatch.jobspec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalTime;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            15 3 * * *        | 03:15
            30 2 * * 0        | 02:30
            0 0 1 1 *         | 00:00
            * * * * *         | 23:59
            */20 * * * *      | 23:40
            0 */5 * * *       | 20:00
            7,50 6,18,9 * * * | 18:50
            0-10 1-5 * * *    | 05:10
            0-10/4 1-6/2 * *  * | 05:08
            5/10 8/6 * * *    | 20:55
            """)
    void theLatestStartOfADay(String cron, LocalTime latest) {
        assertThat(new Schedule(cron, ZoneOffset.UTC).latestStart()).isEqualTo(latest);
    }
}
