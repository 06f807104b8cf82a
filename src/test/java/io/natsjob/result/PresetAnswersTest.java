package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nats.client.KeyValue;
import io.natsjob.dispatch.Wire;
import io.natsjob.job.RunState;
import io.natsjob.nats.OrderedReader;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.protocol.Buckets;
import io.natsjob.protocol.WireTime;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that were written before the messages, on a real nats-server and SQLite: what the reader and the purge make of them. */
class PresetAnswersTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    @TempDir
    Path folder;
    private Bench bench;
    private Wire wire;
    private ResultsBucket bucket;
    private ResultWriter writer;
    private Deadlines deadlines;
    private Purger purger;
    private OrderedReader reader;
    private KeyValue answers;

    private void connect(NatsServer server) throws Exception {
        bench = new Bench(folder);
        // NATS stamps answers with the real time.
        bench.clock.setWall(Clock.system().millis());
        bench.time.follow();
        wire = new Wire(server, Clock.system());
        bucket = new ResultsBucket(wire.link);
        writer = bench.writer();
        Results.Ports ports = new Results.Ports(() -> { }, run -> { }, new Monitor(wire.publishing, new WireTime(ZoneOffset.UTC)));
        deadlines = new Deadlines(bench.open, bucket, writer, bench.position, bench.time);
        purger = new Purger(bucket, bench.position, bench.time);
        reader = new OrderedReader(wire.link, Buckets.RESULTS, new AnswerReader(bench.open, writer, bench.position, bench.ignored, bench.time, ports), Clock.system());
        answers = wire.spy.keyValue(Buckets.RESULTS);
        writer.start();
        reader.start();
        Eventually.await("reading", SOON, () -> bench.position.created() > 1_000);
    }

    @AfterEach
    void end() throws Exception {
        reader.close();
        writer.close(Duration.ofSeconds(2));
        bench.close();
        wire.close();
    }

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void the_preset_key_of_an_open_run_outlives_every_purge_and_is_updated_by_its_revision(Path binary) throws Exception {
        connect(NatsServer.create().binary(binary).start());
        long now = bench.time.millis();
        for (long id = 1; id <= 4; id++) {
            bench.run(id, Bench.NAMES, now + 30_000, now + 30_000);
        }
        awaitCommitted(put(1, "success"));
        long expiring = wire.publishing.preset(Bench.key(2)).get(5, TimeUnit.SECONDS).seq();
        long preset = wire.publishing.preset(Bench.key(3)).get(5, TimeUnit.SECONDS).seq();
        awaitCommitted(put(4, "success"));
        purge();
        assertEquals(3, messages(), "gone is what lies before the first preset key");
        assertEquals(Map.of(), bench.ignored.counts(), "no answer, so nothing to count");

        bench.clock.tick(Duration.ofSeconds(30));
        deadlines.turn();
        deadlines.turn();
        Eventually.await("the open runs expire in spite of their keys", SOON, () -> {
            deadlines.turn();
            return bench.open.find(2).isEmpty() && bench.open.find(3).isEmpty();
        });
        assertEquals(RunState.EXPIRED, bench.state(2));
        purge();
        assertEquals(0, messages(), "what nobody needs any more goes, though nothing new was answered: " + expiring + ", " + preset);
    }

    @Test
    void an_update_of_a_preset_key_is_an_answer() throws Exception {
        connect(NatsServer.create().start());
        long now = bench.time.millis();
        bench.run(1, Bench.NAMES, now + 30_000, now + 30_000);
        bench.run(2, Bench.NAMES, now + 30_000, now + 30_000);
        wire.publishing.preset(Bench.key(1)).get(5, TimeUnit.SECONDS);
        awaitCommitted(put(2, "success"));
        purge();
        long revision = answers.get(Bench.key(1)).getRevision();
        awaitCommitted(answers.update(Bench.key(1), "success".getBytes(StandardCharsets.UTF_8), revision));
        assertEquals(RunState.SUCCESS, bench.state(1));
        purge();
        assertEquals(0, messages());
    }

    /** Of everything that is committed, as after the next claim. */
    private void purge() {
        purger.durable(purger.committed());
        bench.clock.tick(Duration.ofSeconds(6));
        purger.turn();
    }

    private void awaitCommitted(long revision) {
        Eventually.await("committed up to " + revision, SOON, () -> bench.position.committed().revision() >= revision);
    }

    private long put(long id, String value) throws Exception {
        return answers.put(Bench.key(id), value.getBytes(StandardCharsets.UTF_8));
    }

    private long messages() {
        return bucket.info().messages();
    }
}
