package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.natsjob.nats.Infrastructure;
import io.natsjob.nats.LeaderBucket;
import io.natsjob.nats.NatsLink;
import io.natsjob.nats.NatsOptions;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Leases on a real NATS, with their threads and the real clock. */
class NatsLeaseTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String KEY = "natsjob.master.server.app";
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private NatsServer nats;

    static Stream<Path> servers() {
        return NatsServer.binaries();
    }

    @AfterEach
    void end() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        nats.close();
    }

    private void begin(Path binary) {
        nats = NatsServer.create().binary(binary).start();
    }

    private final class Running implements AutoCloseable {
        private final NatsLink link = new NatsLink(new NatsOptions(List.of(nats.url()), null, null, null, "test"), Clock.system());
        private final Contender contender;
        private final LeaseKeeper keeper;

        Running(String id) {
            link.start();
            Eventually.awaitEqual("problems", LIMIT, List.of(), () -> new Infrastructure(link, 1L << 28).ensure());
            contender = new Contender(id, "db", "", new NatsLease(new LeaderBucket(link), "app", id), LeaseTimes.DEFAULT, Clock.system());
            keeper = new LeaseKeeper(contender.lease);
            link.onConnected(keeper::wake);
            keeper.start();
            open.push(this);
        }

        boolean leads() {
            return contender.leads();
        }

        /** As a crash looks to the others. */
        void cut() {
            link.close();
        }

        @Override
        public void close() {
            keeper.close();
            link.close();
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void a_crash_is_followed_after_the_lease_and_a_clean_stop_at_once(Path binary) {
        begin(binary);
        Running a = new Running("a");
        Eventually.await("a leads", LIMIT, a::leads);
        Running b = new Running("b");
        Running c = new Running("c");
        long cut = System.nanoTime();
        a.cut();
        Eventually.await("another leads", LIMIT, () -> b.leads() || c.leads());
        long took = (System.nanoTime() - cut) / 1_000_000;
        assertTrue(took >= 3_000 && took <= 5_000, took + " ms");
        assertFalse(a.leads());
        Running next = b.leads() ? b : c;
        long stopped = System.nanoTime();
        next.close();
        Eventually.await("the third leads", LIMIT, () -> next == b ? c.leads() : b.leads());
        long handed = (System.nanoTime() - stopped) / 1_000_000;
        assertTrue(handed <= 500, handed + " ms");
    }

    @ParameterizedTest
    @MethodSource("servers")
    void a_restart_of_nats_changes_no_leader(Path binary) {
        begin(binary);
        Running a = new Running("a");
        Eventually.await("a leads", LIMIT, a::leads);
        Running b = new Running("b");
        nats.stop();
        Eventually.await("nobody leads without NATS", LIMIT, () -> !a.leads());
        nats.restart();
        Eventually.await("somebody leads", LIMIT, () -> a.leads() || b.leads());
        assertTrue(a.leads());
        assertEquals(2, a.contender.lease.tenure().number());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void an_original_and_ours_respect_each_other(Path binary) throws Exception {
        begin(binary);
        Running a = new Running("a");
        Eventually.await("a leads", LIMIT, a::leads);
        try (Connection original = nats.connect()) {
            var bucket = original.keyValue("natsjob-lb");
            assertEquals("a", bucket.get(KEY).getValueAsString());
            bucket.put(KEY, "original".getBytes(StandardCharsets.UTF_8));
            Eventually.await("ours steps down within one renewal", Duration.ofMillis(1_000), () -> !a.leads());
            Eventually.awaitEqual("it says who leads", LIMIT, "an original server, original", () -> a.contender.lease.standing().detail());
            bucket.delete(KEY);
            Eventually.await("ours takes what the original removed", LIMIT, a::leads);
            a.close();
            assertNull(bucket.get(KEY));
            bucket.create(KEY, "original".getBytes(StandardCharsets.UTF_8));
            assertEquals("original", bucket.get(KEY).getValueAsString(), "an original takes what ours gave back");
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void the_time_of_nats_is_learned_from_an_entry(Path binary) {
        begin(binary);
        Running a = new Running("a");
        Eventually.await("a leads", LIMIT, a::leads);
        long before = System.currentTimeMillis();
        long seen = new NatsLease(new LeaderBucket(a.link), "app", "a").natsMillis();
        assertTrue(seen >= before - 5 && seen <= System.currentTimeMillis() + 5, seen + " against " + before);
    }
}
