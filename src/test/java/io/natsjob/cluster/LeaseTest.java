package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/rules.md 9, 10, 11 and 15, of the lease alone. Times are those of the default profile: lease 4 s, deadline 2.5 s, retry 0.5 s. */
class LeaseTest {
    private static final LeaseTimes TIMES = LeaseTimes.DEFAULT;
    private final ManualClock clock = new ManualClock(1_772_359_200_000L);
    private final SimulatedBucket bucket = new SimulatedBucket(clock);
    private final List<Contender> all = new ArrayList<>();

    /** A way that can be closed. */
    private static final class Road implements SimulatedBucket.Way {
        private final ManualClock clock;
        boolean closed;
        boolean answersLost;
        boolean writesLost;
        long answerMillis;

        Road(ManualClock clock) {
            this.clock = clock;
        }

        @Override
        public void request() {
            if (closed) {
                throw new LeasePort.Failure("NATS is not connected");
            }
        }

        @Override
        public boolean late() {
            return writesLost;
        }

        @Override
        public void answer() {
            clock.tick(Duration.ofMillis(answerMillis));
            if (answersLost) {
                throw new LeasePort.Failure("no answer");
            }
        }
    }

    private final Road road = new Road(clock);

    private Contender server(String id) {
        return server(id, "db", "", new Road(clock));
    }

    private Contender server(String id, String database, String lock, Road way) {
        Contender server = new Contender(id, database, lock, bucket.port(way), TIMES, clock);
        server.nextTurnNanos = clock.nanos();
        all.add(server);
        return server;
    }

    /** Lets time pass, and each server take its turns when they are due. */
    private void pass(long millis) {
        for (long left = millis; left >= 0; left -= 10) {
            for (Contender each : all) {
                if (each.nextTurnNanos <= clock.nanos()) {
                    each.nextTurnNanos = clock.nanos() + Math.max(1_000_000, each.lease.turn());
                }
            }
            if (left > 0) {
                clock.tick(Duration.ofMillis(10));
            }
        }
    }

    /** A process that is killed, or stands still. */
    private void stop(Contender server) {
        all.remove(server);
    }

    @Test
    void the_first_leads_at_once_and_the_second_follows() {
        Contender a = server("a");
        pass(100);
        Contender b = server("b");
        pass(10_000);
        assertTrue(a.leads());
        assertFalse(b.leads());
        assertEquals(Standing.Kind.LEADS, a.lease.standing().kind());
        assertEquals(Standing.Kind.FOLLOWS, b.lease.standing().kind());
        assertEquals(1, a.lease.tenure().number(), "one tenure without a break");
    }

    @Test
    void a_lease_counts_only_when_it_was_read_back() {
        Contender a = server("a");
        a.lease.turn();
        assertFalse(a.leads());
        clock.tick(Duration.ofMillis(50));
        bucket.blindly("b", null);
        a.lease.turn();
        assertFalse(a.leads(), "another's acknowledged write stands there: an old cluster took both");
    }

    @Test
    void a_dead_leader_is_followed_when_its_entry_has_stood_for_the_whole_lease() {
        Contender a = server("a");
        Contender b = server("b");
        pass(3_000);
        stop(a);
        pass(3_500);
        assertFalse(b.leads());
        pass(900);
        assertTrue(b.leads());
        assertFalse(a.leads());
    }

    @Test
    void a_leader_acts_until_the_start_of_its_last_acknowledged_renewal_plus_the_deadline() {
        Contender a = server("a", "db", "", road);
        pass(100);
        road.answerMillis = 400;
        clock.tick(Duration.ofMillis(500));
        long start = clock.nanos();
        a.lease.turn();
        road.closed = true;
        clock.tick(Duration.ofNanos(start + Duration.ofMillis(2_499).toNanos() - clock.nanos()));
        assertTrue(a.leads());
        clock.tick(Duration.ofMillis(1));
        assertFalse(a.leads(), "counted from the answer it would still lead");
        assertEquals(Standing.Kind.NO_NATS, a.lease.standing().kind());
    }

    @Test
    void a_machine_that_was_suspended_leads_no_longer_though_its_monotonic_clock_stood_still() {
        Contender a = server("a");
        pass(1_000);
        clock.setWall(clock.millis() + 2_500);
        assertFalse(a.leads());
    }

    @Test
    void a_wall_clock_that_is_set_back_prolongs_nothing() {
        Contender a = server("a");
        pass(1_000);
        stop(a);
        clock.setWall(clock.millis() - 3_600_000);
        clock.tick(Duration.ofMillis(2_500));
        assertFalse(a.leads());
    }

    @ParameterizedTest
    @CsvSource({"1200", "3600000"})
    void a_wall_clock_that_is_set_forwards_lets_nobody_take_over_early(long jump) {
        Contender a = server("a");
        Contender b = server("b");
        pass(3_000);
        stop(a);
        pass(200);
        clock.setWall(clock.millis() + jump);
        pass(3_000);
        assertFalse(b.leads());
    }

    @Test
    void what_was_given_back_is_taken_at_once() {
        Contender a = server("a");
        Contender b = server("b");
        pass(3_000);
        stop(a);
        a.lease.release("clean stop", 0);
        assertFalse(a.leads());
        assertEquals(List.of("leads", "leads no longer"), a.told);
        assertTrue(bucket.entry.released());
        pass(300);
        assertTrue(b.leads());
    }

    @Test
    void a_lease_whose_last_renewal_was_not_answered_is_given_back_all_the_same() {
        Contender a = server("a", "db", "", road);
        pass(1_000);
        stop(a);
        bucket.blindly("a", bucket.entry.mark());
        a.lease.release("clean stop", 0);
        assertTrue(bucket.entry.released());
    }

    @Test
    void whoever_gave_it_back_leaves_it_to_others_for_a_while() {
        Contender a = server("a");
        pass(1_000);
        a.lease.release("no luck with the database", 1_000);
        pass(900);
        assertFalse(a.leads());
        pass(500);
        assertTrue(a.leads());
        assertEquals(2, a.lease.tenure().number());
    }

    @ParameterizedTest
    @CsvSource({"29500, false", "30500, true"})
    void the_entry_of_an_original_is_given_its_30_s(long millis, boolean leads) {
        bucket.blindly("original", null);
        Contender b = server("b");
        pass(millis);
        assertEquals(leads, b.leads());
    }

    @Test
    void an_original_that_overwrites_the_lease_is_seen_within_one_renewal() {
        Contender a = server("a");
        pass(3_000);
        bucket.blindly("original", null);
        pass(520);
        assertFalse(a.leads());
        assertEquals(Standing.Kind.FOLLOWS, a.lease.standing().kind());
        pass(29_000);
        assertFalse(a.leads());
        assertEquals("original", bucket.entry.holder());
    }

    @Test
    void a_renewal_whose_answer_is_lost_is_read_again_and_prolongs_nothing_by_itself() {
        Contender a = server("a", "db", "", road);
        pass(1_000);
        bucket.blindly("a", bucket.entry.mark());
        pass(600);
        assertTrue(a.leads());
        assertEquals(1, a.lease.tenure().number());
        road.answersLost = true;
        pass(2_600);
        assertFalse(a.leads(), "its writes arrive, but it knows of none of them");
        road.answersLost = false;
        pass(400);
        assertTrue(a.leads(), "the entry is its own: nobody led in between");
        assertEquals(2, a.lease.tenure().number());
    }

    @Test
    void reading_its_own_entry_is_no_renewal() {
        Contender a = server("a", "db", "", road);
        pass(1_000);
        road.writesLost = true;
        pass(2_600);
        assertFalse(a.leads());
        road.writesLost = false;
        bucket.deliverLate();
        pass(600);
        assertTrue(a.leads());
    }

    @Test
    void after_an_outage_a_follower_watches_anew_and_the_same_leader_returns() {
        Road second = new Road(clock);
        Contender a = server("a", "db", "", road);
        Contender b = server("b", "db", "", second);
        pass(3_000);
        road.closed = true;
        second.closed = true;
        pass(10_000);
        assertFalse(a.leads() || b.leads());
        second.closed = false;
        pass(1_000);
        road.closed = false;
        pass(1_000);
        assertTrue(a.leads());
        assertFalse(b.leads());
    }

    @Test
    void an_entry_that_vanishes_is_no_release() {
        Contender a = server("a");
        Contender b = server("b");
        pass(3_000);
        bucket.gone();
        pass(600);
        assertFalse(a.leads());
        pass(3_000);
        assertFalse(a.leads() || b.leads(), "whoever held it may not know yet");
        pass(1_200);
        assertNotEquals(a.leads(), b.leads());
    }

    @Test
    void who_holds_the_lock_of_the_dead_leaders_database_need_not_wait() {
        bucket.blindly("before-the-crash", new LeaseMark(4_000, "db", "lock", 1));
        Contender again = server("after-the-crash", "db", "lock", road);
        pass(100);
        assertTrue(again.leads());
    }

    @ParameterizedTest
    @CsvSource({"other, ''", "db, lock-of-a-copy"})
    void a_living_leader_with_another_database_is_told(String database, String lock) {
        Contender a = server("a", "db", "lock", road);
        pass(1_000);
        Contender b = server("b", database, lock, new Road(clock));
        pass(1_500);
        assertEquals(List.of("other database of a"), b.told);
        assertEquals(Standing.Kind.OTHER_DATABASE, b.lease.standing().kind());
        assertTrue(a.leads());
    }

    @Test
    void the_entry_of_a_dead_leader_with_another_database_says_nothing() {
        bucket.blindly("dead", new LeaseMark(4_000, "other", "", 1));
        Contender b = server("b");
        pass(4_500);
        assertEquals(List.of("leads"), b.told);
    }

    @Test
    void another_group_that_lives_keeps_this_one_from_leading() {
        Contender a = server("a");
        for (int i = 0; i < 20; i++) {
            bucket.otherGroup("dev", "d", 1);
            pass(500);
        }
        assertFalse(a.leads());
        assertEquals(Standing.Kind.OTHER_GROUP, a.lease.standing().kind());
        assertTrue(a.lease.standing().detail().contains("'dev'"));
        pass(6_000);
        assertTrue(a.leads(), "its lease has passed");
    }

    @ParameterizedTest
    @CsvSource({"50, false", "1000, true"})
    void of_two_groups_the_one_that_took_its_lease_first_stays(long acquired, boolean stays) {
        bucket.revision = 100;
        Contender a = server("a");
        pass(1_000);
        for (int i = 0; i < 16; i++) {
            bucket.otherGroup("dev", "d", acquired);
            pass(500);
        }
        assertEquals(stays, a.leads());
    }

    @Test
    void a_clock_that_is_off_by_over_a_second_takes_over_by_release_only() {
        Contender a = server("a");
        Contender b = server("b");
        pass(2_000);
        bucket.natsAhead = 1_100;
        stop(a);
        pass(8_000);
        assertFalse(b.leads());
        assertEquals(Standing.Kind.CLOCK, b.lease.standing().kind());
        bucket.natsAhead = 900;
        pass(1_200);
        assertTrue(b.leads());
        b.lease.release("for a test", 0);
        bucket.natsAhead = 1_100;
        pass(700);
        assertTrue(b.leads());
    }

    @Test
    void the_term_is_read_before_the_lease_is_taken() {
        Contender a = server("a");
        a.lease.turn();
        assertEquals(1, a.asked);
        a.term = OptionalLong.of(8);
        clock.tick(Duration.ofMillis(50));
        a.lease.turn();
        assertEquals(new Tenure(1, 7), a.lease.tenure());
    }

    @Test
    void a_server_without_its_database_takes_nothing() {
        Contender a = server("a");
        a.term = OptionalLong.empty();
        pass(1_000);
        assertEquals(null, bucket.entry);
        assertEquals(Standing.Kind.NO_DATABASE, a.lease.standing().kind());
        a.term = OptionalLong.of(1);
        pass(300);
        assertNotNull(a.lease.tenure());
    }
}
