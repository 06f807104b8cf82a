package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Message;
import io.nats.client.Subscription;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.dispatch.Wire;
import io.natsjob.job.Parts;
import io.natsjob.job.Run;
import io.natsjob.job.RunState;
import io.natsjob.job.SkipReason;
import io.natsjob.json.Json;
import io.natsjob.nats.OrderedReader;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.protocol.End;
import io.natsjob.protocol.ResultKey;
import io.natsjob.protocol.WireTime;
import io.natsjob.store.PartEnd;
import io.natsjob.store.PartTable;
import io.natsjob.store.Priority;
import io.natsjob.testkit.Eventually;
import io.natsjob.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that went to workers by name: their parts, and what the run becomes by them. */
class PartsTest {
    private static final Parts THREE = Parts.all(List.of("w1", "w2", "w3"));
    private Bench bench;
    private Wire wire;
    private Monitor monitor;
    private Results results;
    private long revision;

    @BeforeEach
    void begin(@TempDir Path folder) {
        bench = new Bench(folder);
        wire = new Wire(Clock.system());
        monitor = new Monitor(wire.publishing, new WireTime(ZoneOffset.UTC));
        monitor.start();
        results = new Results(bench.database, bench.term, bench.open, new ResultsBucket(wire.link), bench.ignored, bench.time,
                new Results.Ports(() -> { }, bench.mainSteps::add, monitor));
        results.writer().start();
    }

    @AfterEach
    void end() throws Exception {
        results.close();
        monitor.close();
        bench.close();
        wire.close();
    }

    private void answer(long run, int part, String value) {
        String key = new ResultKey(End.CLIENT_END, Bench.NAMES, run, Parts.subId(run, part)).text();
        results.reader().entry(new OrderedReader.Entry(++revision, Bench.NOW + 100 + revision, key, value.getBytes(StandardCharsets.UTF_8), false));
    }

    private void settle() {
        Eventually.awaitEqual("written", Wire.SOON, 0, results.writer()::inFlight);
    }

    @Test
    void success_if_every_part_is_and_the_last_one_tells() {
        bench.ultra(100, THREE);
        answer(100, 1, "success");
        answer(100, 0, "{\"status\":\"success\",\"clientId\":\"me\"}");
        settle();
        assertEquals(RunState.RUNNING, bench.state(100));
        assertEquals(List.of("me success ", "w2 success "), bench.parts(100));
        answer(100, 2, "{\"status\":\"success\",\"reason\":\"done\",\"monitorStatus\":\"m\",\"monitorPayload\":\"p\"}");
        settle();
        Run run = bench.stored(100);
        assertEquals("success done m p w3", String.join(" ", run.state().word(), run.reason(), run.monitorStatus(), run.monitorPayload(), run.workerId()));
        assertEquals(3, bench.parts(100).size());
        assertEquals(Map.of("success", 1L), bench.tallies(), "one run");
        assertEquals(0, bench.open.running(7));
    }

    @Test
    void fail_if_one_failed_once_all_have_ended_and_the_first_that_failed_tells() {
        bench.ultra(100, THREE);
        answer(100, 1, "{\"status\":\"fail\",\"reason\":\"no disk\"}");
        answer(100, 2, "{\"status\":\"fail\",\"reason\":\"later\"}");
        settle();
        assertEquals(RunState.RUNNING, bench.state(100), "the first is still at work");
        answer(100, 0, "success");
        settle();
        Run run = bench.stored(100);
        assertEquals("fail no disk w2", String.join(" ", run.state().word(), run.reason(), run.workerId()));
    }

    @Test
    void repeated_answers_of_a_part_change_nothing() {
        bench.ultra(100, THREE);
        answer(100, 0, "success");
        answer(100, 0, "fail");
        answer(100, 3, "fail");
        answer(100, -1, "fail");
        settle();
        assertEquals(List.of("w1 success "), bench.parts(100));
        assertEquals(Map.of("repeated", 1L, "foreign", 2L), bench.ignored.counts());
    }

    @Test
    void a_chosen_worker_ends_the_run_and_has_no_row_of_its_own() {
        bench.ultra(100, Parts.one("w1"));
        bench.ultra(200, Parts.one("w1"));
        answer(100, 0, "{\"status\":\"fail\",\"reason\":\"r\"}");
        answer(200, 0, "{\"status\":\"success\",\"clientId\":\"me\"}");
        settle();
        assertEquals("fail r w1", bench.state(100).word() + " " + bench.stored(100).reason() + " " + bench.stored(100).workerId());
        assertEquals("success me", bench.state(200).word() + " " + bench.stored(200).workerId());
        assertEquals(List.of(), bench.parts(100));
    }

    private void pass(Duration time) {
        bench.clock.tick(time);
        Deadlines deadlines = new Deadlines(bench.open, new ResultsBucket(wire.link), results.writer(), bench.position, bench.time);
        bench.position.restart(new ResultsBucket(wire.link).info().createdMillis());
        deadlines.turn();
        deadlines.turn();
        settle();
    }

    @Test
    void at_the_deadline_it_is_expired_where_none_failed_and_failed_where_one_did() {
        bench.ultra(100, THREE);
        bench.ultra(200, THREE).doubt(SkipReason.UNCONFIRMED);
        bench.ultra(300, Parts.one("w1"));
        bench.ultra(400, THREE);
        answer(100, 0, "success");
        answer(400, 2, "{\"status\":\"fail\",\"reason\":\"no disk\"}");
        settle();
        pass(Duration.ofSeconds(32));
        assertEquals("no answer by the deadline; 2 of 3 workers did not answer: w2, w3", bench.stored(100).reason());
        assertEquals("expired ", bench.state(100).word() + " " + bench.stored(100).workerId());
        assertEquals("unconfirmed: whether the message reached a worker is not known; 3 of 3 workers did not answer: w1, w2, w3", bench.stored(200).reason());
        assertEquals("expired w1 no answer by the deadline", bench.state(300).word() + " " + bench.stored(300).workerId() + " " + bench.stored(300).reason());
        assertEquals("fail w3 no disk", bench.state(400).word() + " " + bench.stored(400).workerId() + " " + bench.stored(400).reason());
        assertEquals(List.of("w1 success "), bench.parts(100), "who did not answer has no row");
    }

    @Test
    void a_part_that_was_not_sent_has_failed_and_with_the_last_one_its_run() {
        OpenRun run = bench.ultra(100, Parts.all(List.of("w1", "w2")));
        results.refusedPart(run, 1, SkipReason.REFUSED);
        results.refusedPart(run, 1, SkipReason.REFUSED);
        settle();
        assertEquals(List.of("w2 fail refused: the message was not sent to this worker"), bench.parts(100));
        assertEquals(RunState.RUNNING, bench.state(100));
        answer(100, 0, "success");
        settle();
        assertEquals("fail refused: the message was not sent to this worker", bench.state(100).word() + " " + bench.stored(100).reason());
        OpenRun other = bench.ultra(200, Parts.all(List.of("w1", "w2")));
        answer(200, 0, "success");
        results.refusedPart(other, 1, SkipReason.REFUSED);
        settle();
        assertEquals(RunState.FAIL, bench.state(200));
    }

    @Test
    void a_refusal_that_changes_nothing_keeps_no_room_among_the_results() {
        OpenRun run = bench.ultra(100, Parts.all(List.of("w1", "w2")));
        for (int i = 0; i <= ResultWriter.QUEUED; i++) {
            results.refusedPart(run, 1, SkipReason.REFUSED);
        }
        assertEquals(Results.End.ENDED, results.end(100, "by hand"));
    }

    @Test
    void after_a_change_of_the_leader_the_ended_parts_are_known_and_answers_that_are_read_again_change_nothing() {
        bench.ultra(100, THREE);
        answer(100, 0, "{\"status\":\"fail\",\"reason\":\"first\"}");
        answer(100, 1, "success");
        settle();
        bench.open.forget(bench.open.find(100).orElseThrow());
        OpenRuns open = bench.open;
        open.add(new OpenRun(100, 7, Bench.NAMES, null, Bench.NOW, Bench.NOW + 30_000, Bench.NOW + 30_000, Bench.NOW).to(THREE));
        bench.database.read(sql -> {
            PartTable.eachOfOpen(sql, 0, open::restore);
            return null;
        });
        assertEquals(1, open.runningParts(null));
        answer(100, 1, "fail");
        answer(100, 2, "success");
        settle();
        assertEquals("fail first w1", bench.state(100).word() + " " + bench.stored(100).reason() + " " + bench.stored(100).workerId());
        assertEquals(List.of("w1 fail first", "w2 success ", "w3 success "), bench.parts(100));
    }

    /** A former leader may write what it has read while the new one does the same. */
    @Test
    void a_part_that_is_there_already_is_no_failure_and_is_told_to_nobody() throws Exception {
        Subscription listener = wire.spy.subscribe("natsjob.job.monitor.>");
        wire.spy.flush(Wire.SOON);
        bench.ultra(100, THREE);
        bench.database.write(Priority.ANSWERS, sql -> PartTable.end(sql, List.of(new PartEnd(100, 101, "w1", RunState.SUCCESS, "", "m", "", 5))));
        answer(100, 0, "{\"status\":\"success\",\"monitorStatus\":\"m\"}");
        answer(100, 1, "success");
        answer(100, 2, "success");
        settle();
        assertEquals(RunState.SUCCESS, bench.state(100));
        assertEquals(3, bench.parts(100).size());
        wire.publishing.confirm(Wire.SOON);
        wire.spy.flush(Wire.SOON);
        assertNull(listener.nextMessage(Duration.ofMillis(100)));
    }

    @Test
    void listeners_are_told_of_each_part_by_its_sub_id_and_of_the_first_step_of_a_map() throws Exception {
        Subscription listener = wire.spy.subscribe("natsjob.job.monitor.>");
        wire.spy.flush(Wire.SOON);
        bench.ultra(100, Parts.all(List.of("w1", "w2")));
        bench.ultra(200, Parts.one("w1"));
        bench.map(300);
        String told = "{\"status\":\"%s\",\"monitorStatus\":\"m%s\"}";
        answer(100, 0, told.formatted("success", 1));
        answer(100, 1, told.formatted("fail", 2));
        answer(100, 1, told.formatted("fail", 3));
        answer(200, 0, told.formatted("success", 4));
        String preEnd = new ResultKey(End.PRE_END, Bench.NAMES, 300, null).text();
        for (int i = 5; i <= 6; i++) {
            results.reader().entry(new OrderedReader.Entry(++revision, Bench.NOW + 100, preEnd, told.formatted("success:next", i).getBytes(StandardCharsets.UTF_8), false));
        }
        settle();
        assertEquals(List.of("100  fail m2", "100  success m1", "200  success m4", "300  success:next m5"), told(listener, 4).stream().sorted().toList());
        assertNull(listener.nextMessage(Duration.ofMillis(100)));
        assertEquals(1, bench.mainSteps.size());
    }

    private static List<String> told(Subscription listener, int count) throws InterruptedException {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Message message = listener.nextMessage(Wire.SOON);
            assertTrue(message != null, "only " + told);
            var fields = Json.parseObject(message.getData());
            told.add(fields.getString("taskId", "?") + " " + fields.getString("subTaskId", "?") + " " + fields.getString("status", "") + " " + fields.getString("monitorStatus", ""));
        }
        return told;
    }

    @Test
    void texts_that_the_database_refuses_are_parked_and_the_part_ends_all_the_same() {
        bench.database.write(Priority.EDIT, sql -> sql.update("CREATE TRIGGER poison BEFORE INSERT ON natsjob_part WHEN NEW.reason = 'bad' BEGIN SELECT RAISE(ABORT, 'poison'); END"));
        bench.ultra(100, Parts.all(List.of("w1", "w2")));
        answer(100, 0, "{\"status\":\"success\",\"reason\":\"bad\"}");
        answer(100, 1, "{\"status\":\"success\",\"reason\":\"bad\"}");
        settle();
        assertEquals(RunState.SUCCESS, bench.state(100));
        assertEquals(2, bench.parts(100).size());
        assertTrue(bench.parts(100).getFirst().contains("natsjob_parked"), bench.parts(100).toString());
        assertEquals(2, bench.database.read(sql -> sql.list("SELECT id FROM natsjob_parked", row -> row.longAt(1))).size());
    }
}
