package io.modelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveLineTest {
    private static final String END = "\u001b[K";
    private static final String ERASED = "\r" + END;

    private final StringWriter written = new StringWriter();
    private final AtomicInteger columns = new AtomicInteger(80);
    private final LiveLine line = new LiveLine(new PrintWriter(written), columns::get);

    @AfterEach
    void close() {
        line.close();
    }

    @Test
    void isDrawnOverItselfAndLeavesTheLastColumnFree() {
        line.show(width -> "first in " + width);
        columns.set(40);
        line.show(width -> "second in " + width);

        assertThat(written.toString())
                .startsWith("\rfirst in 79" + END)
                .contains("\rsecond in 39" + END)
                .doesNotContain("\n");
    }

    @Test
    void whatStaysIsPrintedAboveIt() {
        line.show(width -> "at work");
        line.print("it stays");

        assertThat(written.toString()).contains(ERASED + "it stays" + System.lineSeparator() + "\rat work" + END);
    }

    @Test
    void withoutALineNothingIsErased() {
        line.print("it stays");
        line.clear();

        assertThat(written).hasToString("it stays" + System.lineSeparator());
    }

    @Test
    void isTakenAwayOnce() {
        line.show(width -> "at work");
        line.clear();
        line.clear();
        line.close();

        assertThat(written.toString()).endsWith("at work" + END + ERASED);
    }

    /** The time of a step moves while nothing happens. */
    @Test
    void isDrawnAgainByItself() throws Exception {
        CountDownLatch draws = new CountDownLatch(3);
        line.show(width -> {
            draws.countDown();
            return "at work";
        });

        assertThat(draws.await(1, TimeUnit.MINUTES)).isTrue();
    }
}
