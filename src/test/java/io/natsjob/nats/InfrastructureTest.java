package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.JetStreamManagement;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import io.natsjob.protocol.Buckets;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InfrastructureTest {
    private final NatsRig rig = new NatsRig(NatsServer.create());

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void makes_what_is_missing_as_the_original_does(Path binary) throws Exception {
        rig.server.binary(binary).start();
        Infrastructure infrastructure = new Infrastructure(rig.link(), 1L << 28);
        assertEquals(0, infrastructure.duplicateWindowMillis());
        assertEquals(List.of(), infrastructure.ensure());
        assertEquals(120_000, infrastructure.duplicateWindowMillis());

        JetStreamManagement raw = rig.raw().jetStreamManagement();
        assertEquals(4, raw.getStreamNames().size());
        StreamConfiguration stream = raw.getStreamInfo(Buckets.STREAM).getConfiguration();
        assertEquals(List.of("natsjob.>"), stream.getSubjects());
        assertEquals(Duration.ofHours(24), stream.getMaxAge());
        assertEquals(Duration.ofMinutes(2), stream.getDuplicateWindow());
        assertEquals(DiscardPolicy.Old, stream.getDiscardPolicy());
        assertEquals(StorageType.File, stream.getStorageType());
        assertEquals(1L << 28, stream.getMaxBytes());
        assertEquals(-1, stream.getMaxMsgsPerSubject());
        assertTrue(stream.getAllowDirect() && stream.getAllowRollup());
        assertBucket(raw.getStreamInfo("KV_natsjob-job-results").getConfiguration(), Duration.ofHours(24), Duration.ofMinutes(2));
        assertBucket(raw.getStreamInfo("KV_natsjob-heartbeat").getConfiguration(), Duration.ofSeconds(30), Duration.ofSeconds(30));
        assertBucket(raw.getStreamInfo("KV_natsjob-lb").getConfiguration(), Duration.ofSeconds(30), Duration.ofSeconds(30));
        // a worker's client takes it for a bucket
        rig.raw().keyValue(Buckets.RESULTS).put("a", "b");
        assertEquals("b", rig.raw().keyValue(Buckets.RESULTS).get("a").getValueAsString());
        assertEquals(List.of(), infrastructure.ensure());
        assertEquals(0, rig.logged("an existing NATS stream is kept as it is"));
    }

    private static void assertBucket(StreamConfiguration config, Duration age, Duration window) {
        assertEquals(age, config.getMaxAge());
        assertEquals(window, config.getDuplicateWindow());
        assertEquals(1, config.getMaxMsgsPerSubject());
        assertEquals(DiscardPolicy.New, config.getDiscardPolicy());
        assertEquals(-1, config.getMaxBytes());
        assertTrue(config.getDenyDelete() && !config.getDenyPurge() && config.getAllowRollup() && config.getAllowDirect());
    }

    @Test
    void keeps_what_is_there_and_warns_once_of_what_matters() throws Exception {
        rig.server.start();
        JetStreamManagement raw = rig.raw().jetStreamManagement();
        raw.addStream(StreamConfiguration.builder().name("natsjob").subjects("natsjob.>", "more.>").storageType(StorageType.Memory)
                .duplicateWindow(Duration.ofSeconds(10)).build());
        rig.raw().keyValueManagement().create(KeyValueConfiguration.builder().name(Buckets.RESULTS).maxHistoryPerKey(5).ttl(Duration.ofMinutes(5)).build());
        StreamConfiguration before = raw.getStreamInfo("natsjob").getConfiguration();
        Infrastructure infrastructure = new Infrastructure(rig.link(), 1L << 28);
        assertEquals(List.of(), infrastructure.ensure());
        assertEquals(List.of(), infrastructure.ensure());
        assertEquals(before.toJson(), raw.getStreamInfo("natsjob").getConfiguration().toJson());
        assertEquals(10_000, infrastructure.duplicateWindowMillis());
        List<String> settings = rig.lines.stream().filter(l -> l.message().equals("an existing NATS stream is kept as it is"))
                .map(l -> l.fields().get(0).value() + " " + l.fields().get(1).value()).toList();
        assertEquals(List.of("natsjob duplicate_window", "natsjob storage", "KV_natsjob-job-results history", "KV_natsjob-job-results max_age"), settings);
    }

    @Test
    void takes_a_smaller_stream_where_the_server_has_little_room() throws Exception {
        rig.server.jetStreamConfig("max_file_store: 300MB").start();
        assertEquals(List.of(), new Infrastructure(rig.link(), Infrastructure.DEFAULT_STREAM_BYTES).ensure());
        long bytes = rig.raw().jetStreamManagement().getStreamInfo("natsjob").getConfiguration().getMaxBytes();
        assertTrue(bytes >= 100 << 20 && bytes <= 300 << 20, bytes + " bytes");
        assertEquals(1, rig.logged("little room for the NATS stream: when it is full its oldest messages go"));
    }

    @Test
    void takes_half_of_what_the_account_has_left() throws Exception {
        rig.server.config("accounts { A { jetstream { max_file: 1GB }, users: [ { user: natsjob, password: pw } ] } }").start();
        NatsLink link = rig.link(new NatsOptions(List.of(rig.server.url()), "natsjob", "pw", null, "test"));
        Eventually.await("connected", NatsRig.LIMIT, link::connected);
        assertEquals(List.of(), new Infrastructure(link, Infrastructure.DEFAULT_STREAM_BYTES).ensure());
        JsonValue info = JsApi.call(link.live(), "test", "STREAM.INFO.natsjob", "", JsApi.LOOK_UP);
        assertEquals(1L << 29, JsonValueUtils.readLong(JsonValueUtils.readValue(info, "config"), "max_bytes", 0));
    }

    @Test
    void says_what_stands_in_the_way() throws Exception {
        rig.server.start();
        rig.raw().jetStreamManagement().addStream(StreamConfiguration.builder().name("theirs").subjects("natsjob.job.>").build());
        List<String> problems = new Infrastructure(rig.link(), 1L << 28).ensure();
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains("another stream already takes these subjects"), problems.get(0));
        // the buckets are made all the same
        assertEquals(4, rig.raw().jetStreamManagement().getStreamNames().size());
    }

    @Test
    void says_so_while_nats_is_away() {
        NatsLink link = rig.closing(new NatsLink(rig.options(), Clock.system()));
        List<String> problems = new Infrastructure(link, 1L << 28).ensure();
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).contains("not connected"), problems.get(0));
        assertThrows(IllegalArgumentException.class, () -> new Infrastructure(link, 0));
    }
}
