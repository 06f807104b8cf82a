package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.JetStreamManagement;
import io.nats.client.KeyValue;
import io.nats.client.api.MessageInfo;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.Wire;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.SkipReason;
import io.natsjob.nats.OrderedReader;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.protocol.Buckets;
import io.natsjob.protocol.WireTime;
import io.natsjob.store.Priority;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The production reader, writer, deadlines and purger on a real nats-server and SQLite; answers are raw puts. */
class AnswersTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String STREAM = Buckets.streamOf(Buckets.RESULTS);
    @TempDir
    Path folder;
    private Bench bench;
    private Wire wire;
    private Monitor monitor;
    private Results.Ports ports;
    private ResultsBucket bucket;
    private ResultWriter writer;
    private Deadlines deadlines;
    private Purger purger;
    private OrderedReader reader;
    private KeyValue answers;

    @BeforeEach
    void begin() {
        bench = new Bench(folder);
        // NATS stamps answers with the real time.
        bench.clock.setWall(Clock.system().millis());
        bench.time.follow();
    }

    private void connect(NatsServer server) throws Exception {
        wire = new Wire(server, Clock.system());
        bucket = new ResultsBucket(wire.link);
        writer = bench.writer();
        monitor = new Monitor(wire.publishing, new WireTime(ZoneOffset.UTC));
        ports = new Results.Ports(() -> { }, run -> { }, monitor);
        AnswerReader sink = new AnswerReader(bench.open, writer, bench.position, bench.ignored, bench.time, ports);
        deadlines = new Deadlines(bench.open, bucket, writer, bench.position, bench.time);
        purger = new Purger(bucket, bench.position, bench.time);
        reader = new OrderedReader(wire.link, Buckets.RESULTS, sink, Clock.system());
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

    static Stream<Path> servers() {
        return NatsServer.binaries();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void bad_answers_stop_nothing_and_each_is_counted_with_its_reason(Path binary) throws Exception {
        connect(NatsServer.create().binary(binary).config("max_payload: 8MB").start());
        long now = bench.time.millis();
        for (long id = 1; id <= 6; id++) {
            bench.run(id, Bench.NAMES, now + 30_000, now + 30_000);
        }
        bench.run(7, Bench.NAMES, now - 5_000, now - 5_000);
        // A key each: an answer that is overwritten before it was read is not read.
        List<String> bad = List.of("{not json", "", "   \n", "{\"status\":\"done\"}", "expired", "success:next", "[".repeat(100_000), "{\"a\":".repeat(100_000));
        for (int i = 0; i < bad.size(); i++) {
            put(bench.run(10 + i, Bench.NAMES, now + 30_000, now + 30_000).id(), bad.get(i));
        }
        answers.put(Bench.key(2), new byte[5 << 20]);
        put(99, "success");
        answers.put("junk", "success".getBytes(StandardCharsets.UTF_8));
        answers.put(Bench.key(2).replace(".end.", ".client-end.") + ".1", "success".getBytes(StandardCharsets.UTF_8));
        answers.put(Bench.key(2, new RunNames("app", "biz", "other")), "success".getBytes(StandardCharsets.UTF_8));
        put(7, "success");
        awaitCommitted(put(1, "success"));
        put(1, "fail");
        put(3, "{\"status\":\"fail\",\"reason\":\"" + "x".repeat(1 << 20) + "\"}");
        put(4, "{\"STATUS\":\"success\",\"Reason\":\"" + "\uD83D\uDE00".repeat(1_100) + "\"}");
        answers.put(Bench.key(5), new byte[] {'{', '"', 's', 't', 'a', 't', 'u', 's', '"', ':', '"', 'f', 'a', 'i', 'l', '"', ',', '"', 'r', 'e', 'a', 's', 'o', 'n', '"',
            ':', '"', (byte) 0xC3, (byte) 0x28, (byte) 0xFF, '"', '}'});
        long sixth = put(6, "{\"status\":\"success\",\"reason\":\"a\\u0000b\\ud800\",\"clientId\":\"" + "w".repeat(100) + "\"}");
        awaitCommitted(sixth);
        awaitCommitted(put(6, "success"));

        assertEquals(RunState.SUCCESS, bench.state(1));
        assertEquals(RunState.RUNNING, bench.state(2));
        assertEquals("x".repeat(1_024), bench.stored(3).reason());
        assertEquals("\uD83D\uDE00".repeat(1_024), bench.stored(4).reason());
        assertEquals(RunState.FAIL, bench.state(5));
        assertEquals("\uFFFD(\uFFFD", bench.stored(5).reason());
        assertEquals("a\uFFFDb\uFFFD", bench.stored(6).reason());
        assertEquals("w".repeat(64), bench.stored(6).workerId());
        assertEquals(RunState.RUNNING, bench.state(7), "late: left to the deadline");
        assertEquals("{empty=2, expired-by-worker=1, final=2, foreign=2, late=1, malformed=2, malformed-key=1, misplaced-next=1, too-large=1, unknown=1, unknown-state=2}", bench.ignored.counts().toString());
        assertEquals(Map.of("success", 3L, "fail", 2L), bench.tallies());
    }

    @Test
    void while_an_answer_is_read_and_not_committed_no_deadline_ends_a_run() throws Exception {
        connect(NatsServer.create().start());
        long now = bench.time.millis();
        bench.run(1, Bench.NAMES, now + 20_000, now + 20_000);
        bench.run(2, Bench.NAMES, now + 20_000, now + 20_000);
        deadlines.turn();
        CountDownLatch release = new CountDownLatch(1);
        Thread holder = hold(release);
        put(1, "success");
        Eventually.await("read", SOON, () -> bench.position.position() > 0);
        bench.clock.tick(Duration.ofSeconds(22));
        deadlines.turn();
        deadlines.turn();
        assertEquals(1, bench.open.running(), "run 1 was answered, run 2 waits: what was read is not committed");
        release.countDown();
        holder.join();
        awaitCommitted(1);
        deadlines.turn();
        Eventually.awaitEqual("expired", SOON, RunState.EXPIRED, () -> bench.state(2));
        assertEquals(RunState.SUCCESS, bench.state(1));
    }

    @Test
    void listeners_are_told_once_of_an_answer_that_ended_its_run_and_of_no_other() throws Exception {
        connect(NatsServer.create().start());
        var listener = wire.spy.subscribe("natsjob.job.monitor.app.*");
        wire.spy.flush(SOON);
        monitor.start();
        long now = bench.time.millis();
        OpenRun run = bench.run(1, Bench.NAMES, now + 20_000, now + 20_000);
        bench.run(2, Bench.NAMES, now + 20_000, now + 20_000);
        String answer = "{\"status\":\"fail\",\"reason\":\"赚到1个小目标\",\"monitorStatus\":\"monitor:world\",\"monitorPayload\":\"p\",\"clientId\":\"w\"}";
        put(1, answer);
        put(1, answer);
        put(99, answer);
        put(2, "success");
        awaitCommitted(4);
        monitor.close();
        String told = new String(listener.nextMessage(SOON).getData(), StandardCharsets.UTF_8);
        assertEquals("{\"taskId\":\"1\",\"subTaskId\":\"\",\"status\":\"fail\",\"reason\":\"赚到1个小目标\",\"monitorStatus\":\"monitor:world\",\"monitorPayload\":\"p\","
                + "\"createAt\":\"" + new WireTime(ZoneOffset.UTC).text(run.sentAt()) + "\",\"namespace\":\"app\",\"appName\":\"biz\",\"jobName\":\"job\"}", told);
        wire.publishing.confirm(SOON);
        wire.spy.flush(SOON);
        assertNull(listener.nextMessage(Duration.ofMillis(100)));
    }

    @Test
    void an_answer_taken_in_time_counts_though_it_is_read_after_the_deadline() throws Exception {
        connect(NatsServer.create().start());
        reader.close();
        long now = bench.time.millis();
        bench.run(1, Bench.NAMES, now + 20_000, now + 20_000);
        deadlines.turn();
        put(1, "success");
        bench.clock.tick(Duration.ofSeconds(22));
        for (int i = 0; i < 3; i++) {
            deadlines.turn();
            bench.clock.tick(Duration.ofSeconds(3));
        }
        assertEquals(1, bench.open.running());
        reader = new OrderedReader(wire.link, Buckets.RESULTS, new AnswerReader(bench.open, writer, bench.position, bench.ignored, bench.time, ports), Clock.system());
        reader.start();
        awaitCommitted(1);
        deadlines.turn();
        assertEquals(RunState.SUCCESS, bench.state(1));
    }

    @Test
    void without_NATS_no_run_expires_and_when_it_is_back_all_do() throws Exception {
        connect(NatsServer.create().start());
        long now = bench.time.millis();
        OpenRun doubted = bench.run(1, Bench.NAMES, now + 20_000, now + 20_000);
        doubted.doubt(SkipReason.UNCONFIRMED);
        bench.run(2, Bench.NAMES, now - 4_000_000, now - 4_000_000);
        wire.server.kill();
        Eventually.await("cut", SOON, () -> !wire.link.connected());
        bench.clock.tick(Duration.ofSeconds(25));
        deadlines.turn();
        deadlines.turn();
        assertEquals(2, bench.open.running());
        wire.server.start();
        wire.awaitConnected();
        Eventually.await("expired", SOON, () -> {
            deadlines.turn();
            return bench.open.running() == 0;
        });
        Eventually.awaitEqual("written", SOON, 0, writer::inFlight);
        assertTrue(bench.stored(1).reason().startsWith("unconfirmed"), bench.stored(1).reason());
        assertEquals("no answer by the deadline", bench.stored(2).reason());
        assertEquals(Map.of("expired", 2L), bench.tallies());
    }

    @Test
    void a_tail_that_was_purged_unread_does_not_hold_deadlines_up() throws Exception {
        connect(NatsServer.create().start());
        reader.close();
        long now = bench.time.millis();
        bench.run(1, Bench.NAMES, now + 20_000, now + 20_000);
        put(55, "success");
        management().purgeStream(STREAM);
        bench.clock.tick(Duration.ofSeconds(22));
        deadlines.turn();
        assertEquals(1, bench.open.running(), "revision 1 may still come");
        bench.clock.tick(Duration.ofMillis(2_000));
        deadlines.turn();
        assertEquals(0, bench.open.running(), "nothing is there any more");
    }

    @Test
    void a_bucket_made_anew_between_question_and_answer_makes_the_deadlines_ask_again() throws Exception {
        connect(NatsServer.create().start());
        reader.close();
        long now = bench.time.millis();
        bench.run(1, Bench.NAMES, now + 20_000, now + 20_000);
        put(55, "success");
        bench.clock.tick(Duration.ofSeconds(22));
        deadlines.turn();
        bench.position.restart(bench.position.created() + 1);
        bench.position.done(bench.position.read(5));
        deadlines.turn();
        deadlines.turn();
        assertEquals(1, bench.open.running(), "5 of the new bucket says nothing about 1 of the old");
    }

    @ParameterizedTest
    @MethodSource("servers")
    void a_purge_takes_what_is_committed_and_durable_of_our_namespaces_only(Path binary) throws Exception {
        connect(NatsServer.create().binary(binary).start());
        long now = bench.time.millis();
        bench.run(1, Bench.NAMES, now + 30_000, now + 30_000);
        bench.run(2, Bench.NAMES, now + 30_000, now + 30_000);
        answers.put(Bench.key(8, new RunNames("strange", "biz", "job")), "success".getBytes(StandardCharsets.UTF_8));
        awaitCommitted(put(1, "success"));
        long durable = purger.committed();
        assertEquals(2, durable);
        bench.clock.tick(Duration.ofSeconds(6));
        purger.turn();
        assertEquals(2, messages(), "committed is not durable yet");
        purger.durable(durable);
        assertEquals(0, purger.committed(), "nothing new");
        awaitCommitted(put(2, "success"));
        bench.clock.tick(Duration.ofSeconds(6));
        purger.turn();
        assertEquals(2, messages(), "the stranger's and the one that is not durable stay");
        assertEquals("natsjob.job.end.strange.biz.job.8", firstKey());
        purger.durable(purger.committed());
        purger.close();
        assertEquals(1, messages());
    }

    @Test
    void nothing_above_an_uncommitted_answer_is_purged() throws Exception {
        connect(NatsServer.create().start());
        bench.position.ours("app");
        long now = bench.time.millis();
        bench.run(2, Bench.NAMES, now + 30_000, now + 30_000);
        reader.close();
        for (long id = 1; id <= 4; id++) {
            put(id, "success");
        }
        bench.position.done(bench.position.read(1), "app");
        ReadPosition.Place open = bench.position.read(2);
        bench.position.done(bench.position.read(3), "app");
        bench.position.done(bench.position.read(4), "app");
        purger.durable(purger.committed());
        bench.clock.tick(Duration.ofSeconds(6));
        purger.turn();
        assertEquals(3, messages());
        bench.position.done(open, "app");
        purger.durable(purger.committed());
        bench.clock.tick(Duration.ofSeconds(6));
        purger.turn();
        assertEquals(0, messages());
    }

    @Test
    void a_bucket_made_anew_forgets_what_was_durable_and_is_not_purged_by_old_marks() throws Exception {
        connect(NatsServer.create().start());
        long now = bench.time.millis();
        bench.run(1, Bench.NAMES, now + 30_000, now + 30_000);
        put(54, "success");
        put(55, "success");
        awaitCommitted(put(1, "success"));
        long durable = purger.committed();
        management().deleteStream(STREAM);
        wire.infrastructure.ensure();
        put(60, "success");
        put(61, "success");
        purger.durable(durable);
        bench.clock.tick(Duration.ofSeconds(6));
        purger.turn();
        assertEquals(2, messages(), "before the reader knows: another 'created' stops the purge");
        reader.check();
        Eventually.await("read anew", SOON, () -> bench.position.incarnation() == 3 && bench.position.committed().revision() == 2);
        bench.clock.tick(Duration.ofSeconds(6));
        purger.turn();
        assertEquals(2, messages(), "nothing of the new bucket is known to be durable");
        purger.durable(durable);
        purger.turn();
        assertEquals(2, messages());
    }

    @Test
    void while_the_database_stands_still_the_reader_waits_and_NATS_keeps_the_answers() throws Exception {
        connect(NatsServer.create().start());
        CountDownLatch release = new CountDownLatch(1);
        Thread holder = hold(release);
        byte[] success = "success".getBytes(StandardCharsets.UTF_8);
        int count = ResultWriter.QUEUED + 3_000;
        for (int id = 1; id <= count; id++) {
            wire.spy.publish(Buckets.subjectOf(Buckets.RESULTS, Bench.key(id)), success);
        }
        wire.spy.flush(SOON);
        Eventually.await("full", SOON, () -> writer.inFlight() >= ResultWriter.QUEUED);
        Eventually.awaitEqual("all in NATS", SOON, (long) count, () -> bucket.info().messages());
        assertTrue(writer.inFlight() <= ResultWriter.QUEUED + 500, "one batch is out, the queue is full: " + writer.inFlight());
        release.countDown();
        holder.join();
        awaitCommitted(count);
        assertEquals(Map.of("unknown", (long) count), bench.ignored.counts());
    }

    /** Keeps the database's only writer busy until {@code release}. */
    private Thread hold(CountDownLatch release) throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> bench.database.write(Priority.CLAIM, sql -> {
            began.countDown();
            try {
                return release.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
        began.await();
        return holder;
    }

    private void awaitCommitted(long revision) {
        Eventually.await("committed up to " + revision, SOON, () -> bench.position.committed().revision() >= revision);
    }

    private long put(long id, String value) throws Exception {
        return answers.put(Bench.key(id), value.getBytes(StandardCharsets.UTF_8));
    }

    private JetStreamManagement management() throws Exception {
        return wire.spy.jetStreamManagement();
    }

    private long messages() {
        return bucket.info().messages();
    }

    private String firstKey() throws Exception {
        MessageInfo first = management().getFirstMessage(STREAM, Buckets.subjectOf(Buckets.RESULTS, ">"));
        return first.getSubject().substring(Buckets.subjectOf(Buckets.RESULTS, "").length());
    }
}
