package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.natsjob.protocol.LeaderKey;
import io.natsjob.testkit.NatsServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LeaderBucketTest {
    private static final String KEY = LeaderKey.lease("app");
    private NatsRig rig;

    static Stream<Path> servers() {
        return NatsServer.binaries();
    }

    private LeaderBucket begin(Path nats) {
        rig = new NatsRig(NatsServer.create().binary(nats).start());
        return new LeaderBucket(rig.linkWithStreams());
    }

    @AfterEach
    void end() throws Exception {
        if (rig != null) {
            rig.close();
        }
    }

    private KeyValue original() throws Exception {
        Connection connection = rig.raw();
        return connection.keyValue("natsjob-lb");
    }

    @ParameterizedTest
    @MethodSource("servers")
    void what_is_written_is_read_with_its_headers_and_nats_time(Path nats) {
        LeaderBucket bucket = begin(nats);
        assertEquals(Optional.empty(), bucket.find(KEY));
        long before = System.currentTimeMillis();
        long revision = bucket.put(KEY, "server-1", Map.of("Natsjob-Lease", "4000", "Natsjob-Database-Lock", ""), 0);
        KeyEntry entry = bucket.find(KEY).orElseThrow();
        assertEquals("server-1", entry.value());
        assertEquals(revision, entry.revision());
        assertFalse(entry.removed());
        assertEquals("4000", entry.headers().get("Natsjob-Lease"));
        assertEquals("", entry.headers().get("Natsjob-Database-Lock"));
        assertTrue(entry.natsMillis() >= before - 5 && entry.natsMillis() <= System.currentTimeMillis() + 5, entry + " against " + before);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void a_write_that_expects_another_revision_is_refused(Path nats) {
        LeaderBucket bucket = begin(nats);
        long first = bucket.put(KEY, "a", Map.of(), 0);
        assertEquals(10_071, assertThrows(NatsException.class, () -> bucket.put(KEY, "b", Map.of(), 0)).code());
        long second = bucket.put(KEY, "a", Map.of(), first);
        assertEquals(10_071, assertThrows(NatsException.class, () -> bucket.put(KEY, "b", Map.of(), first)).code());
        assertEquals(10_071, assertThrows(NatsException.class, () -> bucket.remove(KEY, Map.of(), first)).code());
        assertEquals(second, bucket.find(KEY).orElseThrow().revision());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void after_a_removal_an_original_creates_the_key_and_ours_goes_on_from_the_marker(Path nats) throws Exception {
        LeaderBucket bucket = begin(nats);
        long revision = bucket.put(KEY, "ours", Map.of(), 0);
        assertThrows(Exception.class, () -> original().create(KEY, "original".getBytes(StandardCharsets.UTF_8)), "held: nobody creates it");
        long marker = bucket.remove(KEY, Map.of(), revision);
        KeyEntry gone = bucket.find(KEY).orElseThrow();
        assertTrue(gone.removed());
        assertEquals(marker, gone.revision());
        assertEquals(null, original().get(KEY));
        long taken = original().create(KEY, "original".getBytes(StandardCharsets.UTF_8));
        assertEquals("original", bucket.find(KEY).orElseThrow().value());
        assertFalse(bucket.find(KEY).orElseThrow().headers().containsKey(LeaderKey.LEASE_MILLIS), "an original writes no mark");
        long again = bucket.remove(KEY, Map.of(), taken);
        assertEquals("ours", bucket.find(KEY).map(entry -> bucket.put(KEY, "ours", Map.of(), again)).flatMap(any -> bucket.find(KEY)).orElseThrow().value());
        assertEquals("ours", original().get(KEY).getValueAsString(), "an original reads the plain id");
    }

    @ParameterizedTest
    @MethodSource("servers")
    void keys_of_all_groups_are_found(Path nats) {
        LeaderBucket bucket = begin(nats);
        assertEquals(List.of(), bucket.keys(LeaderKey.ALL));
        bucket.put(KEY, "a", Map.of(), 0);
        bucket.put(LeaderKey.lease("dev-1"), "b", Map.of(), 0);
        bucket.put(LeaderKey.clock("a"), "");
        assertEquals(List.of(KEY, LeaderKey.lease("dev-1")), bucket.keys(LeaderKey.ALL));
    }

    @Test
    void without_nats_each_call_says_so_at_once_and_a_frozen_one_costs_a_second() {
        LeaderBucket bucket = begin(NatsServer.binaries().findFirst().orElseThrow());
        rig.server.pause();
        long began = System.nanoTime();
        assertEquals(NatsException.Kind.NO_ANSWER, assertThrows(NatsException.class, () -> bucket.find(KEY)).kind());
        long tookMillis = (System.nanoTime() - began) / 1_000_000;
        assertTrue(tookMillis >= 900 && tookMillis < 1_900, tookMillis + " ms");
        rig.server.resume();
        assertEquals(NatsException.Kind.NOT_CONNECTED, assertThrows(NatsException.class, () -> new LeaderBucket(new NatsLink(rig.options(), io.natsjob.time.Clock.system())).find(KEY)).kind());
    }

    @ParameterizedTest
    @CsvSource({"2.9.10, true", "2.9.20, true", "2.9.21, false", "2.10.0, false", "2.15.1, false", "2.8.4, true", "2.9.21-RC.1, false", "unknown, false", ", false"})
    void versions_are_compared_by_their_numbers(String version, boolean older) {
        assertEquals(older, Versions.older(version, 2, 9, 21));
    }
}
