package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.natsjob.nats.Infrastructure;
import io.natsjob.nats.NatsLink;
import io.natsjob.nats.NatsOptions;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.ManualClock;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the bucket into the registries, on a real nats-server; heartbeats are put as workers put them. */
class HeartbeatsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String KEY = "natsjob.heartbeat.client.app.biz.";
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final AtomicInteger missing = new AtomicInteger();
    private final ManualClock clock = new ManualClock(1_800_000_000_000L);
    private NatsServer server;
    private NatsLink link;
    private Connection raw;
    private KeyValue bucket;
    private Heartbeats.Registries seen;

    @BeforeEach
    void begin() throws Exception {
        server = closing(NatsServer.create().start());
        link = closing(new NatsLink(new NatsOptions(List.of(server.url()), null, null, null, "test"), Clock.system()));
        link.start();
        Eventually.awaitEqual("problems", LIMIT, List.of(), () -> new Infrastructure(link, 1L << 28).ensure());
        raw = server.connect();
        open.push(raw::close);
        bucket = raw.keyValue("natsjob-heartbeat");
    }

    @AfterEach
    void end() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private <T extends AutoCloseable> T closing(T closeable) {
        open.push(closeable);
        return closeable;
    }

    private void read() {
        read(Arrival.LIFE);
    }

    private void read(Duration life) {
        SteadyTime time = new SteadyTime(clock);
        IgnoredBeats ignored = new IgnoredBeats(time);
        seen = new Heartbeats.Registries(new Workers(ignored, life), new Servers(ignored, life), ignored);
        closing(new Heartbeats(link, seen, Clock.system(), time, missing::incrementAndGet)).start();
    }

    private void beat(String id, String json) throws Exception {
        bucket.put(KEY + id, json.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> ids() {
        return seen.workers().live("app", "biz").stream().map(Worker::id).toList();
    }

    @Test
    void what_stands_in_the_bucket_is_known_soon_and_what_comes_later_too() throws Exception {
        beat("a", "{}");
        beat("b", "{\"weight\":0}");
        read();
        assertTrue(seen.workers().awaitKnown(Duration.ofSeconds(2)), "the snapshot within the two seconds that a leader waits");
        assertEquals(List.of("a", "b"), ids());
        beat("c", "{\"ip\":\"10.0.0.3\",\"comment\":\"third\"}");
        Eventually.awaitEqual("workers", LIMIT, List.of("a", "b", "c"), this::ids);
        WorkerSeen third = seen.workers().seen("app", "biz").getLast();
        assertEquals(List.of("10.0.0.3", "third"), List.of(third.ip(), third.comment()));
        assertEquals(clock.millis(), third.seenAt());
    }

    @Test
    void an_empty_bucket_is_known_to_be_empty() throws Exception {
        read();
        assertTrue(seen.workers().awaitKnown(Duration.ofSeconds(2)));
        assertFalse(seen.workers().any("app", "biz"));
    }

    @Test
    void nothing_is_known_while_there_is_no_bucket_and_its_absence_is_told() throws Exception {
        raw.keyValueManagement().delete("natsjob-heartbeat");
        read();
        Eventually.await("told", LIMIT, () -> missing.get() > 0);
        assertFalse(seen.workers().known());
        assertTrue(new Infrastructure(link, 1L << 28).ensure().isEmpty());
        assertTrue(seen.workers().awaitKnown(LIMIT), "goes on when it was made");
    }

    @Test
    void a_deleted_or_purged_key_is_a_death_at_once() throws Exception {
        for (String id : List.of("a", "b", "c")) {
            beat(id, "{}");
        }
        bucket.put("natsjob.heartbeat.server.app.s1", "{}");
        read();
        Eventually.awaitEqual("workers", LIMIT, List.of("a", "b", "c"), this::ids);
        Eventually.awaitEqual("servers", LIMIT, 1, () -> seen.servers().seen().size());
        bucket.delete(KEY + "a");
        bucket.purge(KEY + "c");
        bucket.delete("natsjob.heartbeat.server.app.s1");
        Eventually.awaitEqual("workers", LIMIT, List.of("b"), this::ids);
        Eventually.awaitEqual("servers", LIMIT, List.of(), () -> seen.servers().seen());
    }

    @Test
    void junk_is_counted_by_reason_and_stops_nothing() throws Exception {
        read();
        beat("a", "alive");
        beat("b", "");
        beat("c", "{\"id\":\"b\"}");
        bucket.put("natsjob.heartbeat.client.app.biz.a.b", "{}");
        bucket.put("something", "{}");
        beat("z", "{}");
        Eventually.awaitEqual("workers", LIMIT, List.of("z"), this::ids);
        assertEquals(Map.of("malformed", 1L, "empty", 1L, "other-id", 1L, "malformed-key", 2L), seen.ignored().counts());
    }

    @Test
    void a_worker_lives_as_long_as_it_beats_and_an_outage_of_NATS_kills_nobody() throws Exception {
        beat("beating", "{}");
        beat("silent", "{}");
        read(Duration.ofSeconds(2));
        Eventually.awaitEqual("workers", LIMIT, List.of("beating", "silent"), this::ids);
        Eventually.awaitValue("the death of the silent one", LIMIT, () -> {
            beat("beating", "{}");
            return ids();
        }, List.of("beating")::equals);
        server.stop();
        Eventually.await("cut", LIMIT, () -> !link.connected());
        pass(4_000);
        assertEquals(List.of("beating"), ids());
        server.start();
        Eventually.await("back", LIMIT, link::connected);
        Eventually.awaitEqual("workers", LIMIT, List.of(), this::ids);
    }

    @Test
    void a_heartbeat_that_waited_in_the_bucket_is_not_taken_for_a_fresh_one() throws Exception {
        beat("old", "{}");
        pass(2_000);
        beat("fresh", "{}");
        long began = System.nanoTime();
        read(Duration.ofSeconds(4));
        Eventually.awaitEqual("workers", LIMIT, List.of("old", "fresh"), this::ids);
        Eventually.awaitEqual("workers", LIMIT, List.of("fresh"), this::ids);
        long took = System.nanoTime() - began;
        assertTrue(took < Duration.ofMillis(3_800).toNanos(), took + " ns");
    }

    private static void pass(long millis) {
        long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        Eventually.await(millis + " ms to pass", Duration.ofMillis(millis + 5_000), () -> System.nanoTime() >= until);
    }

    @Test
    void fifty_thousand_workers_are_counted_and_their_heartbeats_read() throws Exception {
        read();
        assertTrue(seen.workers().awaitKnown(LIMIT));
        putAll();
        Eventually.awaitEqual("workers", Duration.ofSeconds(60), 50_000, () -> seen.workers().count(null));
        assertEquals(Map.of(), seen.ignored().counts());
        assertEquals(10_000, seen.workers().live("app", "app-3").size());
        Heartbeats.Registries second = Heartbeats.Registries.empty(new SteadyTime(clock));
        closing(new Heartbeats(link, second, Clock.system(), new SteadyTime(clock), missing::incrementAndGet)).start();
        assertTrue(second.workers().awaitKnown(Duration.ofSeconds(25)), "a server that starts now reads all of them");
        assertTrue(second.workers().count(null) > 45_000, "read " + second.workers().count(null));
    }

    private void putAll() throws Exception {
        for (int i = 0; i < 50_000; i++) {
            String app = "app-" + i % 5;
            raw.publish("$KV.natsjob-heartbeat.natsjob.heartbeat.client.app." + app + ".worker-" + i,
                    ("{\"id\":\"worker-" + i + "\",\"namespace\":\"app\",\"appName\":\"" + app + "\",\"ip\":\"127.0.0.1\",\"weight\":100}").getBytes(StandardCharsets.UTF_8));
            if (i % 1_000 == 0) {
                raw.flush(Duration.ofSeconds(10));
            }
        }
        raw.flush(Duration.ofSeconds(10));
    }
}
