package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The registry without NATS: time and heartbeats come from the test. */
class WorkersTest {
    private final LiveWorkers live = new LiveWorkers();
    private final Workers workers = live.workers;

    private List<String> ids() {
        return workers.live("app", "biz").stream().map(Worker::id).toList();
    }

    @Test
    void a_worker_dies_thirty_seconds_after_its_last_heartbeat_and_not_before() {
        live.beat("a", 100).pass(Duration.ofSeconds(10)).beat("b", 100).pass(Duration.ofMillis(19_999));
        assertEquals(List.of("a", "b"), ids());
        live.pass(Duration.ofMillis(1));
        assertEquals(List.of("b"), ids());
        live.beat("b", 100).pass(Duration.ofSeconds(29));
        assertTrue(workers.any("app", "biz"));
        live.pass(Duration.ofSeconds(1));
        assertFalse(workers.any("app", "biz"));
        assertEquals(0, workers.count(null));
    }

    @Test
    void they_stand_in_the_order_of_their_registration_whoever_beats_last() {
        live.beat("b", 100).beat("a", 100).beat("b", 50);
        assertEquals(List.of("b", "a"), ids());
        assertEquals(List.of(50, 100), workers.live("app", "biz").stream().map(Worker::weight).toList(), "the new weight holds");
        live.gone("b").beat("b", 50);
        assertEquals(List.of("a", "b"), ids(), "who comes back is new");
        assertTrue(workers.live("app", "biz").get(1).number() > workers.live("app", "biz").get(0).number());
    }

    @Test
    void who_deletes_its_key_is_gone_at_once() {
        live.beat("a", 0).beat("b", 100).gone("a").gone("never-there");
        assertEquals(List.of("b"), ids());
        live.gone("b");
        assertFalse(workers.any("app", "biz"));
    }

    @Test
    void apps_and_namespaces_are_apart() {
        live.beat("a", 1).beat("app", "other", "a", 1).beat("dev", "biz", "a", 1).beat("dev", "biz", "b", 1);
        assertEquals(1, workers.live("app", "biz").size());
        assertEquals(2, workers.seen("dev", "biz").size());
        assertEquals(2, workers.seen("app", null).size());
        assertEquals(List.of(4, 2, 2, 0), List.of(workers.count(null), workers.count("app"), workers.count("dev"), workers.count("uat")));
        assertFalse(workers.any("uat", "biz"));
        assertEquals(List.of(), workers.live("dev", "other"));
    }

    @Test
    void a_full_app_refuses_new_ids_counts_them_and_keeps_the_known() {
        for (int i = 0; i < Workers.MAX_PER_APP; i++) {
            live.beat("w" + i, 1);
        }
        live.pass(Duration.ofSeconds(20)).beat("new", 1).beat("w0", 1).beat("app", "other", "new", 1);
        assertEquals(Map.of("registry-full", 1L), live.ignored.counts());
        assertEquals(Workers.MAX_PER_APP, ids().size());
        live.pass(Duration.ofSeconds(10));
        assertEquals(List.of("w0"), ids(), "the known one was heard though the app was full");
        live.beat("new", 1);
        assertEquals(List.of("w0", "new"), ids(), "there is room again");
    }

    @Test
    void a_full_registry_refuses_new_ids_of_every_app() {
        for (int i = 0; i < Workers.MAX; i++) {
            live.beat("app", "app-" + i % 20, "w" + i, 1);
        }
        live.beat("app", "app-0", "new", 1).beat("app", "late", "new", 1).beat("app", "app-0", "w0", 1);
        assertEquals(Map.of("registry-full", 2L), live.ignored.counts());
        assertEquals(Workers.MAX, workers.count(null));
        assertFalse(workers.any("app", "late"));
    }

    @Test
    void a_fire_costs_no_copy_of_the_list() {
        live.beat("a", 1).beat("b", 1);
        List<Worker> before = workers.live("app", "biz");
        live.beat("a", 1);
        assertSame(before, workers.live("app", "biz"));
        live.beat("a", 2);
        assertEquals(2, workers.live("app", "biz").getFirst().weight());
        assertEquals(1, before.getFirst().weight(), "a list that was handed out stays as it was");
    }

    @Test
    void what_waited_in_the_bucket_is_as_old_as_NATS_says() {
        Arrival old = new Arrival(1_000, 0, 500_000);
        Arrival fresh = new Arrival(1_000, 0, 525_000);
        long life = Arrival.LIFE.toNanos();
        assertEquals(Duration.ofSeconds(5).toNanos(), old.lifeEnds(life, fresh));
        assertEquals(life, fresh.lifeEnds(life, fresh));
        Arrival later = new Arrival(5_000, Duration.ofSeconds(4).toNanos(), 529_000);
        assertEquals(Duration.ofSeconds(5).toNanos(), old.lifeEnds(life, later), "the same, whenever it is found out");
        assertEquals(life, later.lifeEnds(life, later) - later.watched());
        assertEquals(Duration.ofSeconds(4).toNanos(), new Arrival(0, 0, 1).lifeEnds(life, later), "not before now");
    }

    @Test
    void time_that_was_not_watched_kills_nobody() {
        ManualClock clock = new ManualClock(0);
        WatchTime watch = new WatchTime(clock);
        clock.tick(Duration.ofSeconds(1));
        assertEquals(Duration.ofSeconds(1).toNanos(), watch.look(true));
        clock.tick(Duration.ofSeconds(1));
        assertEquals(Duration.ofSeconds(1).toNanos(), watch.look(false), "NATS away");
        clock.tick(Duration.ofMillis(10));
        assertEquals(Duration.ofMillis(1_010).toNanos(), watch.now());
        clock.tick(Duration.ofMinutes(5));
        assertEquals(Duration.ofMillis(4_010).toNanos(), watch.look(true), "the process was stopped");
    }
}
