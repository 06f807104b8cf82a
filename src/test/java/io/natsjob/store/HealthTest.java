package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.natsjob.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class HealthTest {
    private static final StoreException FULL = new StoreException(StoreException.Kind.UNAVAILABLE, "the disk is full");
    private final ManualClock clock = new ManualClock(0);
    private final Health health = new Health(clock);

    @Test
    void a_read_does_not_hide_that_writes_fail() {
        for (int second = 0; second < 20; second++) {
            health.saw(true, FULL);
            clock.tick(Duration.ofSeconds(1));
            health.saw(false, null);
            assertEquals("the disk is full", health.outage().reason(), "second " + second);
        }
        health.saw(true, null);
        assertNull(health.outage());
    }

    @Test
    void a_failed_write_of_a_quiet_server_is_not_told_for_ever() {
        health.saw(true, FULL);
        clock.tick(Duration.ofSeconds(5));
        health.saw(false, null);
        assertEquals("the disk is full", health.outage().reason());
        clock.tick(Duration.ofMillis(1));
        health.saw(false, null);
        assertNull(health.outage());
    }

    @Test
    void a_failed_read_is_over_with_the_next_good_one() {
        health.saw(false, FULL);
        health.saw(false, null);
        assertNull(health.outage());
    }

    @Test
    void a_refused_value_says_nothing_about_the_database() {
        health.saw(true, new StoreException(StoreException.Kind.REJECTED, "no"));
        health.saw(true, new IllegalStateException("the caller's"));
        assertNull(health.outage());
    }
}
