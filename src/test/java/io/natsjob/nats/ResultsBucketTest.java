package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.KeyValue;
import io.nats.client.PurgeOptions;
import io.natsjob.protocol.Buckets;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResultsBucketTest {
    private static final String BINARIES = "io.natsjob.testkit.NatsServer#binaries";
    private NatsRig rig;
    private ResultsBucket bucket;
    private KeyValue raw;

    private void open(Path binary) throws Exception {
        rig = new NatsRig(NatsServer.create().binary(binary).start());
        bucket = new ResultsBucket(rig.linkWithStreams());
        raw = rig.raw().keyValue(Buckets.RESULTS);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private long put(String namespace, int task) throws Exception {
        return raw.put("natsjob.job.end." + namespace + ".biz.owner." + task, "success");
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void shows_the_state_of_the_bucket(Path binary) throws Exception {
        open(binary);
        BucketState empty = bucket.info();
        assertEquals(0, empty.lastSeq());
        assertEquals(0, empty.messages());
        assertTrue(Math.abs(empty.createdMillis() - Clock.system().millis()) < 60_000, empty.toString());
        put("app", 1);
        put("app", 2);
        put("app", 1);
        BucketState state = bucket.info();
        assertEquals(new BucketState(empty.createdMillis(), empty.createdText(), 2, 3, 2), state);
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void knows_whether_anything_lies_behind_a_sequence(Path binary) throws Exception {
        open(binary);
        assertFalse(bucket.anythingAfter(0));
        for (int i = 1; i <= 5; i++) {
            put("app", i);
        }
        assertTrue(bucket.anythingAfter(0));
        assertTrue(bucket.anythingAfter(4));
        assertFalse(bucket.anythingAfter(5));
        assertFalse(bucket.anythingAfter(1_000));
        // the newest is gone: nothing lies behind 4 any more, although the stream's last sequence is 5
        rig.raw().jetStreamManagement().purgeStream("KV_" + Buckets.RESULTS,
                PurgeOptions.subject("$KV.natsjob-job-results.natsjob.job.end.app.biz.owner.5"));
        assertEquals(5, bucket.info().lastSeq());
        assertFalse(bucket.anythingAfter(4));
        assertTrue(bucket.anythingAfter(3));
        assertEquals(4, bucket.purge("app", 6));
        assertFalse(bucket.anythingAfter(0));
        put("app", 6);
        assertTrue(bucket.anythingAfter(0));
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void purges_below_a_sequence_in_one_namespace_only(Path binary) throws Exception {
        open(binary);
        for (int i = 1; i <= 10; i++) {
            put("app", i);
            put("app2", i);
        }
        raw.put("natsjob.job.pre-end.app.biz.owner.11", "success");
        raw.put("other.key", "x");
        // keys of app have the odd sequences 1..19; below 11 are five of them
        assertEquals(5, bucket.purge("app", 11));
        TreeSet<String> kept = new TreeSet<>(raw.keys());
        assertEquals(17, kept.size(), kept.toString());
        assertTrue(kept.contains("natsjob.job.end.app.biz.owner.6"));
        assertFalse(kept.contains("natsjob.job.end.app.biz.owner.5"));
        assertEquals(0, bucket.purge("app", 11));
        assertEquals(6, bucket.purge("app", Long.MAX_VALUE));
        assertEquals(11, raw.keys().size());
        assertTrue(raw.keys().containsAll(List.of("natsjob.job.end.app2.biz.owner.1", "other.key")));
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void removes_nothing_where_nothing_lies_below(Path binary) throws Exception {
        open(binary);
        put("app", 1);
        assertEquals(0, bucket.purge("app", 0));
        assertEquals(0, bucket.purge("app", 1));
        assertEquals(0, bucket.purge("nobody", 100));
        assertEquals(1, bucket.info().messages());
        assertThrows(IllegalArgumentException.class, () -> bucket.purge("*", 100));
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void tells_a_refusal_from_no_answer(Path binary) throws Exception {
        open(binary);
        rig.raw().keyValueManagement().delete(Buckets.RESULTS);
        NatsException gone = assertThrows(NatsException.class, () -> bucket.info());
        assertEquals(NatsException.Kind.REFUSED, gone.kind());
        assertEquals(10_059, gone.code());
        rig.server.pause();
        // threads of the server may still answer for a moment
        Eventually.awaitEqual("kind", NatsRig.LIMIT, NatsException.Kind.NO_ANSWER, () -> failure().kind());
        long begin = System.nanoTime();
        failure();
        assertTrue(System.nanoTime() - begin < 3_000_000_000L, "longer than its limit");
        rig.server.kill();
    }

    private NatsException failure() {
        return assertThrows(NatsException.class, () -> bucket.info());
    }

    @ParameterizedTest
    @MethodSource(BINARIES)
    void who_does_not_lead_removes_nothing(Path binary) throws Exception {
        open(binary);
        put("app", 1);
        boolean[] leading = new boolean[1];
        ResultsBucket guarded = bucket.purgingWhile(() -> leading[0]);
        assertThrows(NatsException.class, () -> guarded.purge("app", 2));
        assertEquals(1, bucket.info().messages());
        leading[0] = true;
        assertEquals(1, guarded.purge("app", 2));
    }
}
