package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.natsjob.nats.StorageRoom.Full;
import io.natsjob.protocol.Buckets;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.ManualClock;
import io.natsjob.testkit.NatsServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageRoomTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private final ManualClock clock = new ManualClock(1_000);
    private final StorageRoom room = new StorageRoom(clock);
    private final NatsRig rig = new NatsRig(NatsServer.create());

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static PublishRefused refused(int code) {
        return new PublishRefused(code, "refused " + code);
    }

    @ParameterizedTest
    @ValueSource(ints = {10_002, 10_023, 10_028, 10_047, 10_077})
    void a_refusal_for_lack_of_room_is_told_with_its_words_and_its_beginning(int code) {
        room.failed(refused(code));
        clock.tick(Duration.ofSeconds(9));
        room.failed(new NatsException(NatsException.Kind.REFUSED, code, "still"));
        assertEquals(Optional.of(new Full("still", 1_000)), room.full());
    }

    @Test
    void other_failures_tell_nothing_about_room() {
        room.failed(refused(503));
        room.failed(refused(10_060));
        room.failed(new NatsException(NatsException.Kind.NO_ANSWER, 0, "silent"));
        room.failed(new IllegalStateException());
        assertEquals(Optional.empty(), room.full());
        room.failed(refused(10_047));
        room.failed(refused(503));
        assertEquals("refused 10047", room.full().orElseThrow().detail());
    }

    @Test
    void it_is_over_once_something_is_stored_or_nothing_was_tried_for_a_minute() {
        room.failed(refused(10_047));
        room.stored();
        assertEquals(Optional.empty(), room.full());
        room.failed(refused(10_047));
        clock.tick(Duration.ofMinutes(1));
        assertTrue(room.full().isPresent());
        clock.tick(Duration.ofMillis(1));
        assertEquals(Optional.empty(), room.full());
        room.failed(refused(10_047));
        assertEquals(61_001, room.full().orElseThrow().sinceMillis());
    }

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void both_links_know_it_of_what_they_store_themselves(Path binary) throws Exception {
        rig.server.binary(binary).start();
        rig.raw().jetStreamManagement().addStream(StreamConfiguration.builder().name("natsjob").subjects("natsjob.>").maxMessages(1)
                .discardPolicy(DiscardPolicy.New).storageType(StorageType.Memory).build());
        rig.raw().keyValueManagement().create(KeyValueConfiguration.builder().name(Buckets.HEARTBEAT).maxBucketSize(2_000).build());
        PublishLink publishing = rig.publishLink();
        // connected is a moment earlier than able to take acknowledgements
        Eventually.awaitValue("stored", LIMIT, () -> publishing.publishStored("natsjob.a", "1", new byte[1]).get(), ack -> true);
        assertEquals(Optional.empty(), publishing.room().full());
        assertThrows(ExecutionException.class, () -> publishing.publishStored("natsjob.a", "2", new byte[1]).get());
        assertTrue(publishing.room().full().orElseThrow().detail().contains("maximum messages"), publishing.room().full().toString());
        NatsLink control = rig.link();
        KeyWriter keys = new KeyWriter(control, Buckets.HEARTBEAT);
        keys.put("a", new byte[1_500], LIMIT);
        assertEquals(Optional.empty(), control.room().full());
        assertThrows(NatsException.class, () -> keys.put("b", new byte[1_500], LIMIT));
        assertTrue(control.room().full().isPresent());
        rig.raw().jetStreamManagement().purgeStream("KV_" + Buckets.HEARTBEAT);
        keys.put("b", new byte[1_500], LIMIT);
        assertEquals(Optional.empty(), control.room().full());
    }

    @Test
    void a_bucket_that_reached_its_own_limit_is_told_at_the_next_look() throws Exception {
        rig.server.start();
        rig.raw().keyValueManagement().create(KeyValueConfiguration.builder().name(Buckets.RESULTS).maxBucketSize(10_000).build());
        Infrastructure infrastructure = new Infrastructure(rig.link(), 1L << 28);
        infrastructure.ensure();
        assertEquals(List.of(), infrastructure.full());
        rig.raw().keyValue(Buckets.RESULTS).put("a", new byte[9_860]);
        infrastructure.ensure();
        assertEquals(List.of("KV_natsjob-job-results"), infrastructure.full());
        rig.raw().jetStreamManagement().purgeStream("KV_natsjob-job-results");
        infrastructure.ensure();
        assertEquals(List.of(), infrastructure.full());
    }
}
