package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.Wire;
import io.natsjob.job.RunState;
import io.natsjob.nats.DurableReader.Entry;
import io.natsjob.protocol.Answer;
import io.natsjob.protocol.WireTime;
import io.natsjob.store.ParkedTable;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.Step;
import io.natsjob.store.StepFilter;
import io.natsjob.store.StepTable;
import io.natsjob.testkit.Eventually;
import io.natsjob.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps and monitor messages on a real SQLite database and a real NATS. */
class StepReaderTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long CREATED = 1_000;
    private static final Duration KEPT = Duration.ofHours(24);
    private final AtomicBoolean leading = new AtomicBoolean(true);
    private Bench bench;
    private Wire wire;
    private Monitor monitor;
    private StepReader reader;
    private Subscription listener;

    @BeforeEach
    void begin(@TempDir Path folder) throws Exception {
        bench = new Bench(folder);
        wire = new Wire(Clock.system());
        listener = wire.spy.subscribe("natsjob.job.monitor.*.*");
        wire.spy.flush(SOON);
        monitor = new Monitor(wire.publishing, new WireTime(ZoneOffset.UTC));
        monitor.start();
        reader = reader();
    }

    private StepReader reader() {
        return new StepReader(bench.database, leading::get, new StepReader.Settings(new WireTime(ZoneOffset.UTC), KEPT), monitor, bench.ignored, bench.time);
    }

    @AfterEach
    void end() throws Exception {
        monitor.close();
        wire.close();
        bench.close();
    }

    private static Entry entry(long seq, String json) {
        return entry(seq, Bench.NOW, json);
    }

    private static Entry entry(long seq, long at, String json) {
        return new Entry(seq, at, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(long task, String status, String more) {
        return "{\"taskId\":\"" + task + "\",\"namespace\":\"app\",\"appName\":\"biz\",\"jobName\":\"job\",\"status\":\"" + status + "\"" + more + "}";
    }

    private static String alarm(String text) {
        return ",\"MonitorStatus\":\"monitoring:email\",\"MonitorPayload\":\"" + text + "\"";
    }

    private List<Step> steps(long task) {
        return bench.database.read(sql -> StepTable.search(sql, StepFilter.ofRun(task), 0, 1_000, 1_000)).items();
    }

    private List<String> words(long task) {
        return steps(task).stream().map(step -> step.report().status()).toList();
    }

    /** What listeners got, once NATS has taken everything. */
    private List<String> told() throws Exception {
        Eventually.awaitEqual("waiting", SOON, 0, monitor::waiting);
        Eventually.await("published", SOON, () -> wire.publishing.confirm(SOON).confirmed());
        wire.spy.flush(SOON);
        List<String> told = new ArrayList<>();
        for (Message next = listener.nextMessage(Duration.ofMillis(50)); next != null; next = listener.nextMessage(Duration.ofMillis(50))) {
            told.add(next.getSubject() + " " + new String(next.getData(), StandardCharsets.UTF_8));
        }
        return told;
    }

    private void script(String... statements) {
        bench.database.write(Priority.EDIT, sql -> {
            for (String statement : statements) {
                sql.update(statement);
            }
            return null;
        });
    }

    @Test
    void steps_are_stored_in_order_and_told_once_though_they_come_again() throws Exception {
        bench.run(1);
        List<Entry> entries = IntStream.rangeClosed(1, 60).mapToObj(n -> entry(n, json(1, "s" + n, n % 20 == 0 ? alarm("a" + n) : ""))).toList();
        reader.take(CREATED, entries.subList(0, 40));
        reader.take(CREATED, entries);
        reader.take(CREATED, List.of(entries.get(59), entries.get(59), entries.get(0)));
        reader().take(CREATED, entries);
        assertEquals(IntStream.rangeClosed(1, 60).mapToObj(n -> "s" + n).toList(), words(1));
        List<String> told = told();
        assertEquals(3, told.size(), told.toString());
        Step twentieth = steps(1).get(19);
        assertEquals("natsjob.job.monitor.app.biz {\"taskId\":\"1\",\"subTaskId\":\"" + twentieth.id() + "\",\"status\":\"s20\",\"reason\":\"\","
                + "\"monitorStatus\":\"monitoring:email\",\"monitorPayload\":\"a20\",\"createAt\":\"2027-01-15 08:00:00\",\"namespace\":\"app\",\"appName\":\"biz\",\"jobName\":\"job\"}",
                told.getFirst());
        assertEquals(Bench.NOW, twentieth.createdAt());
    }

    @Test
    void the_same_sequence_of_a_stream_made_again_is_another_step() throws Exception {
        reader.take(CREATED, List.of(entry(1, json(1, "old", ""))));
        reader.take(CREATED + 1, List.of(entry(1, json(1, "new", ""))));
        assertEquals(List.of("old", "new"), words(1));
    }

    @Test
    void a_stream_that_lost_its_newest_messages_reuses_their_sequences() throws Exception {
        reader.take(CREATED, List.of(entry(1, json(1, "a", "")), entry(2, json(1, "lost", ""))));
        assertEquals(2, reader.begin(CREATED, 2));
        assertEquals(1, reader.begin(CREATED, 1));
        reader.take(CREATED, List.of(entry(2, json(1, "b", ""))));
        assertEquals(List.of("a", "lost", "b"), words(1));
        assertEquals(0, reader.begin(CREATED + 5, 9));
    }

    @Test
    void the_end_of_a_run_and_its_absence_make_no_difference() throws Exception {
        OpenRun run = bench.run(1);
        bench.database.write(Priority.ANSWERS, sql -> RunTable.end(sql, List.of(bench.ended(run, RunState.SUCCESS, "", 1).end())));
        reader.take(CREATED, List.of(entry(1, json(1, "late", "")), entry(2, json(77, "stray", alarm("x")))));
        assertEquals(List.of("late"), words(1));
        assertEquals(List.of("stray"), words(77));
        assertEquals(1, told().size());
        assertEquals(Map.of(), bench.ignored.counts());
    }

    @Test
    void names_must_fit_the_run_and_are_taken_from_it_where_the_worker_gives_none() throws Exception {
        bench.run(1);
        reader.take(CREATED, List.of(entry(1, "{\"taskId\":1,\"status\":\"bare\"}"),
                entry(2, "{\"taskId\":1,\"namespace\":\"other\",\"appName\":\"biz\",\"jobName\":\"job\",\"status\":\"foreign\"" + alarm("x") + "}"),
                entry(3, "{\"taskId\":2,\"namespace\":\"app\",\"appName\":\"b.iz\",\"jobName\":\"job\",\"status\":\"nameless\"" + alarm("x") + "}")));
        assertEquals(List.of("bare"), words(1));
        assertEquals(Bench.NAMES, steps(1).getFirst().names());
        assertEquals(List.of(), words(2));
        assertEquals(Map.of("step-foreign", 1L, "step-unknown", 1L), bench.ignored.counts());
        assertEquals(List.of(), told());
    }

    @Test
    void junk_and_what_is_too_old_is_counted_and_holds_up_nobody() throws Exception {
        long old = Bench.NOW - KEPT.toMillis();
        reader.take(CREATED, List.of(entry(1, "junk"), entry(2, "{}"), entry(3, old - 1, json(1, "older", alarm("x"))), entry(4, old, json(1, "old", "")), entry(5, "")));
        assertEquals(List.of("old"), words(1));
        assertEquals(Map.of("step-malformed", 1L, "step-without-task", 1L, "step-too-old", 1L, "step-empty", 1L), bench.ignored.counts());
        assertEquals(List.of(), told());
    }

    @Test
    void a_poisonous_step_is_parked_alone_and_not_told() throws Exception {
        script("CREATE TRIGGER poison BEFORE INSERT ON natsjob_step WHEN NEW.status = 's17' BEGIN SELECT RAISE(ABORT, 'not this one'); END");
        reader.take(CREATED, IntStream.rangeClosed(1, 40).mapToObj(n -> entry(n, json(1, "s" + n, n % 17 == 0 ? alarm("x" + n) : ""))).toList());
        assertEquals(IntStream.rangeClosed(1, 40).filter(n -> n != 17).mapToObj(n -> "s" + n).toList(), words(1));
        var parked = bench.database.read(sql -> ParkedTable.list(sql, 10));
        assertEquals(1, parked.size());
        assertTrue(parked.getFirst().keyText().equals("step 17 of run 1") && parked.getFirst().reason().contains("not this one"), parked.toString());
        List<String> told = told();
        assertTrue(told.size() == 1 && told.getFirst().contains("x34"), told.toString());
    }

    @Test
    void a_row_that_came_in_between_under_the_same_id_costs_no_step() throws Exception {
        // the ids that the reader is about to make are taken by another server
        StepReader slow = reader();
        reader.take(CREATED, List.of(entry(1, json(1, "first", "")), entry(2, json(1, "second", ""))));
        slow.take(CREATED, List.of(entry(3, json(1, "third", alarm("x"))), entry(4, json(1, "fourth", ""))));
        assertEquals(List.of("first", "second", "third", "fourth"), words(1));
        assertEquals(1, told().size());
    }

    @Test
    void strays_have_a_limit_for_each_hour() {
        StrayLimit limit = new StrayLimit();
        for (int i = 0; i < StrayLimit.PER_HOUR - 2; i++) {
            limit.stored(Bench.NOW);
        }
        assertTrue(limit.room(Bench.NOW, 1));
        assertTrue(!limit.room(Bench.NOW, 2));
        assertTrue(limit.room(Bench.NOW + 3_600_000, 2));
    }

    @Test
    void monitor_messages_wait_for_NATS_up_to_a_limit() throws Exception {
        wire.server.kill();
        Eventually.await("cut", SOON, () -> !wire.publishing.connected());
        OpenRun run = new OpenRun(5, 7, Bench.NAMES, null, Bench.NOW, Bench.NOW, Bench.NOW, Bench.NOW + 3);
        for (int i = 0; i < Monitor.WAITING + 5; i++) {
            monitor.answered(run, new Answer(Answer.Status.FAIL, "r", "m" + i, "p", "w"));
        }
        wire.server.start();
        wire.awaitConnected();
        wire.spy.flush(SOON);
        List<String> told = told();
        assertEquals(Monitor.WAITING, told.size());
        String first = told.getFirst();
        assertEquals("natsjob.job.monitor.app.biz", first.substring(0, first.indexOf(' ')));
        assertEquals(Json.parse("{\"taskId\":\"5\",\"subTaskId\":\"\",\"status\":\"fail\",\"reason\":\"r\",\"monitorStatus\":\"m0\",\"monitorPayload\":\"p\","
                + "\"createAt\":\"2027-01-15 08:00:00.003\",\"namespace\":\"app\",\"appName\":\"biz\",\"jobName\":\"job\"}"), Json.parse(first.substring(first.indexOf(' ') + 1)));
    }

    @Test
    void only_a_leader_reads() {
        assertTrue(reader.reading());
        leading.set(false);
        assertTrue(!reader.reading());
    }
}
