package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Many seeded lives of two and three servers, with pauses at every step of their way to the register and back, lost answers, writes
 * that arrive late, and outages: never do two of them hold the lease at once, and when the weather is good again, one does.
 */
class LeaseInterleavingTest {
    private static final int SEEDS = 120;
    private static final long LIFE_MILLIS = 60_000;
    private static final long CALM_MILLIS = 12_000;

    private static final class World {
        private final ManualClock clock = new ManualClock(1_772_359_200_000L);
        private final SimulatedBucket bucket = new SimulatedBucket(clock);
        private final Random random;
        private final List<Contender> all = new ArrayList<>();
        /** Within a turn of theirs, somewhere up the stack. */
        private final Set<Contender> busy = new HashSet<>();
        private boolean calm;
        private boolean outage;
        private int changes;
        private Contender last;

        World(long seed) {
            this.random = new Random(seed);
            int servers = 2 + random.nextInt(2);
            for (int i = 0; i < servers; i++) {
                all.add(new Contender("server-" + i, "db", "", bucket.port(new Weather()), LeaseTimes.DEFAULT, clock));
            }
        }

        /** Bad at random, until it is calm. */
        private final class Weather implements SimulatedBucket.Way {
            @Override
            public void request() {
                delay();
                if (outage) {
                    throw new LeasePort.Failure("NATS is not connected");
                }
            }

            @Override
            public void answer() {
                delay();
                if (!calm && random.nextInt(20) == 0) {
                    throw new LeasePort.Failure("no answer");
                }
            }

            @Override
            public boolean late() {
                return !calm && random.nextInt(25) == 0;
            }

            /** Mostly a millisecond, sometimes a pause longer than a lease, in which the others go on. */
            private void delay() {
                int kind = calm ? 99 : random.nextInt(100);
                pass(kind < 2 ? random.nextInt(9_000) : kind < 10 ? random.nextInt(1_500) : 1);
            }
        }

        void pass(long millis) {
            for (long left = millis; left > 0; left -= 25) {
                clock.tick(Duration.ofMillis(Math.min(25, left)));
                assertAtMostOne();
                if (!calm && random.nextInt(2_000) == 0) {
                    outage = !outage;
                }
                if (random.nextInt(40) == 0) {
                    bucket.deliverLate();
                }
                for (Contender each : all) {
                    if (each.nextTurnNanos <= clock.nanos() && busy.add(each)) {
                        turn(each);
                        busy.remove(each);
                    }
                }
            }
        }

        private void turn(Contender server) {
            if (!calm && server.leads() && random.nextInt(300) == 0) {
                if (random.nextBoolean()) {
                    server.lease.release("for a test", random.nextInt(1_000));
                } else {
                    server.lease.handOver("for a test", random.nextInt(1_000));
                }
            }
            long next = server.lease.turn();
            server.nextTurnNanos = clock.nanos() + Math.max(1_000_000, next);
            assertAtMostOne();
        }

        private void assertAtMostOne() {
            List<String> leading = all.stream().filter(Contender::leads).map(each -> each.id).toList();
            assertTrue(leading.size() <= 1, leading + " lead at the same time");
            if (!leading.isEmpty() && (last == null || !last.id.equals(leading.getFirst()))) {
                last = all.stream().filter(Contender::leads).findFirst().orElseThrow();
                changes++;
            }
        }

        int live() {
            pass(LIFE_MILLIS);
            calm = true;
            outage = false;
            pass(CALM_MILLIS);
            assertEquals(1, all.stream().filter(Contender::leads).count(), "servers that lead in calm weather");
            return changes;
        }
    }

    @Test
    void never_two_at_once_and_one_in_the_end() {
        long first = Long.getLong("verify.seed", 1);
        int changes = 0;
        for (long seed = first; seed < first + SEEDS; seed++) {
            try {
                changes += new World(seed).live();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertTrue(changes > 2 * SEEDS, "only " + changes + " changes of leader: the weather was too good to prove anything");
    }
}
