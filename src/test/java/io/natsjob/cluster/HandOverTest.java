package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lease that its holder hands over while the leader's work runs; docs/rules.md 10 and 14. */
class HandOverTest {
    private final ManualClock clock = new ManualClock(1_772_359_200_000L);
    private final SimulatedBucket bucket = new SimulatedBucket(clock);
    private final Contender a = contender("a");
    private final Contender b = contender("b");

    private Contender contender(String id) {
        SimulatedBucket.Way open = new SimulatedBucket.Way() {
            @Override
            public void request() {
                // always there
            }

            @Override
            public boolean late() {
                return false;
            }

            @Override
            public void answer() {
                // comes at once
            }
        };
        return new Contender(id, "db", "", bucket.port(open), LeaseTimes.DEFAULT, clock);
    }

    private void pass(long millis, Contender... servers) {
        for (long left = millis; left >= 0; left -= 10) {
            for (Contender each : servers) {
                if (each.nextTurnNanos <= clock.nanos()) {
                    each.nextTurnNanos = clock.nanos() + Math.max(1_000_000, each.lease.turn());
                }
            }
            clock.tick(Duration.ofMillis(left > 0 ? 10 : 0));
        }
    }

    @BeforeEach
    void lead() {
        pass(3_000, a);
        pass(500, a, b);
        assertTrue(a.leads());
    }

    @Test
    void the_holder_stops_at_once_and_releases_half_a_second_later() {
        a.lease.handOver("without database", 1_000);
        assertFalse(a.leads());
        assertEquals(List.of("leads", "leads no longer"), a.told);
        pass(Lease.HAND_OVER_MILLIS - 20, a, b);
        assertFalse(bucket.entry.released());
        assertFalse(b.leads());
        pass(250, a, b);
        assertTrue(b.leads());
        pass(5_000, a, b);
        assertTrue(b.leads());
        assertFalse(a.leads());
    }

    @Test
    void it_is_taken_back_if_nobody_wants_it() {
        a.lease.handOver("without database", 1_000);
        pass(1_400, a);
        assertFalse(a.leads());
        assertTrue(bucket.entry.released());
        pass(500, a);
        assertTrue(a.leads());
    }

    @Test
    void a_stop_meanwhile_releases_at_once() {
        a.lease.handOver("without database", 1_000);
        a.lease.release("clean stop", 0);
        assertTrue(bucket.entry.released());
    }

    @Test
    void a_follower_has_nothing_to_hand_over() {
        b.lease.handOver("without database", 1_000);
        pass(1_000, a, b);
        assertTrue(a.leads());
        assertEquals(List.of(), b.told);
    }
}
