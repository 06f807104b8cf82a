package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.dispatch.OpenRun;
import io.natsjob.job.Parts;
import io.natsjob.job.RunEvent;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.nats.NatsOptions;
import io.natsjob.nats.OrderedReader;
import io.natsjob.nats.PublishLink;
import io.natsjob.protocol.End;
import io.natsjob.protocol.ResultKey;
import io.natsjob.protocol.WireTime;
import io.natsjob.testkit.Eventually;
import io.natsjob.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of answer under every kind of key to a run in every standing, in time and late: what moves, and what is counted.
 * Real reader, writer and SQLite.
 */
class AnswerTableTest {
    private static final String JUNK = "{oops";
    private static final List<String> VALUES = List.of("success", "fail", "success:next", "expired", JUNK, "", "SUCCESS");
    private Bench bench;
    private ResultWriter writer;
    private AnswerReader reader;
    private PublishLink link;
    private long revision;

    @BeforeEach
    void begin(@TempDir Path folder) {
        bench = new Bench(folder);
        writer = bench.writer();
        writer.start();
        // Never started: no answer here has a monitor status.
        link = new PublishLink(new NatsOptions(List.of("nats://127.0.0.1:1"), null, null, null, "test"), Clock.system());
        reader = new AnswerReader(bench.open, writer, bench.position, bench.ignored, bench.time,
                new Results.Ports(() -> { }, run -> { }, new Monitor(link, new WireTime(ZoneOffset.UTC))));
    }

    @AfterEach
    void end() {
        link.close();
        writer.close();
        bench.close();
    }

    /** A run in its standing, and what the row says then. */
    private enum Before {
        PRE, MAIN_OF_MAP, ONLY, SUCCEEDED, FAILED_IN_PRE, EXPIRED,
        /** Went to one chosen worker. */
        CHOSEN,
        /** Went to two workers: the first is the one that answers. */
        FIRST_OF_TWO, LAST_OF_TWO, LAST_AFTER_A_FAILURE, ANSWERED_ALREADY;

        private String row() {
            return switch (this) {
                case PRE -> "running PRE";
                case MAIN_OF_MAP, ONLY, CHOSEN, FIRST_OF_TWO, LAST_OF_TWO, LAST_AFTER_A_FAILURE, ANSWERED_ALREADY -> "running MAIN";
                case SUCCEEDED -> "success MAIN";
                case FAILED_IN_PRE -> "fail PRE";
                case EXPIRED -> "expired MAIN";
            };
        }
    }

    private void make(Before before, long id) {
        OpenRun run = switch (before) {
            case PRE, MAIN_OF_MAP, FAILED_IN_PRE -> bench.map(id);
            case ONLY, SUCCEEDED, EXPIRED -> bench.run(id);
            case CHOSEN -> bench.ultra(id, Parts.one("w1"));
            case FIRST_OF_TWO, LAST_OF_TWO, LAST_AFTER_A_FAILURE, ANSWERED_ALREADY -> bench.ultra(id, Parts.all(List.of("w1", "w2")));
        };
        switch (before) {
            case PRE, ONLY, CHOSEN, FIRST_OF_TWO -> { }
            case LAST_OF_TWO -> put(id, Parts.subId(id, 1), "success");
            case LAST_AFTER_A_FAILURE -> put(id, Parts.subId(id, 1), "fail");
            case ANSWERED_ALREADY -> put(id, Parts.subId(id, 0), "success");
            case MAIN_OF_MAP -> put(id, End.PRE_END, "success:next", 0);
            case SUCCEEDED -> put(id, End.END, "success", 0);
            case FAILED_IN_PRE -> put(id, End.PRE_END, "fail", 0);
            case EXPIRED -> {
                bench.open.end(run, RunEvent.DEADLINE_PASSED);
                writer.submit(new Transition.Expired(run, RunStep.MAIN, Bench.expiredEnd(run)));
            }
        }
        settle();
    }

    private void put(long id, End end, String value, long lateMillis) {
        String key = new ResultKey(end, Bench.NAMES, id, end == End.CLIENT_END ? id + 1 : null).text();
        reader.entry(new OrderedReader.Entry(++revision, Bench.NOW + 100 + lateMillis, key, value.getBytes(StandardCharsets.UTF_8), false));
    }

    private void put(long id, long subId, String value) {
        String key = new ResultKey(End.CLIENT_END, Bench.NAMES, id, subId).text();
        reader.entry(new OrderedReader.Entry(++revision, Bench.NOW + 100, key, value.getBytes(StandardCharsets.UTF_8), false));
    }

    private void settle() {
        Eventually.awaitEqual("written", Duration.ofSeconds(10), 0, writer::inFlight);
    }

    private String row(long id) {
        return bench.state(id).word() + " " + bench.step(id).split(" ")[0];
    }

    /** What the answer does: the row after it, or a reason why it is ignored. */
    private static String expected(Before before, End end, String value, boolean late) {
        String junk = switch (value) {
            case "expired" -> "expired-by-worker";
            case JUNK -> "malformed";
            case "" -> "empty";
            case "SUCCESS" -> "unknown-state";
            case "success:next" -> end == End.PRE_END ? null : "misplaced-next";
            default -> null;
        };
        if (junk != null) {
            return junk;
        }
        boolean ultra = before.ordinal() >= Before.CHOSEN.ordinal();
        boolean open = ultra || before == Before.PRE || before == Before.MAIN_OF_MAP || before == Before.ONLY;
        if (!open) {
            return "final";
        }
        if (ultra != (end == End.CLIENT_END)) {
            return ultra ? "other-step" : "foreign";
        }
        if (late) {
            return "late";
        }
        if (ultra) {
            return switch (before) {
                case FIRST_OF_TWO -> "";
                case ANSWERED_ALREADY -> "repeated";
                case LAST_AFTER_A_FAILURE -> "fail MAIN";
                default -> value + " MAIN";
            };
        }
        if ((end == End.PRE_END) != (before == Before.PRE)) {
            return "other-step";
        }
        return value.equals("success:next") ? "running MAIN" : value + (before == Before.PRE ? " PRE" : " MAIN");
    }

    @Test
    void each_answer_moves_what_the_table_says_or_is_counted_and_moves_nothing() {
        Map<String, String> wrong = new LinkedHashMap<>();
        Map<String, Integer> moves = new TreeMap<>();
        long id = 0;
        for (Before before : Before.values()) {
            for (End end : End.values()) {
                for (String value : VALUES) {
                    for (boolean late : List.of(false, true)) {
                        id += 10;
                        make(before, id);
                        assertEquals(before.row(), row(id));
                        Map<String, Long> ignored = bench.ignored.counts();
                        int sent = bench.mainSteps.size();
                        put(id, end, value, late ? 3_600_000 : 0);
                        settle();
                        String after = after(before, id, ignored);
                        String expected = expected(before, end, value, late);
                        if (!after.equals(expected)) {
                            wrong.put(before + ", " + end + " '" + value + "'" + (late ? " late" : ""), after + " instead of " + expected);
                        }
                        assertEquals(expected.equals("running MAIN") ? 1 : 0, bench.mainSteps.size() - sent, "main steps of " + before + " " + end + " " + value);
                        moves.merge(expected, 1, Integer::sum);
                    }
                }
            }
        }
        assertEquals(Map.of(), wrong);
        assertEquals(1, moves.get("running MAIN"), "one way leads to the main step");
        assertEquals(11 * 3 * 7 * 2, moves.values().stream().mapToInt(Integer::intValue).sum());
        assertEquals(revision, bench.position.committed().revision(), "no answer is left behind");
    }

    /** The row where it has changed, else the reason that was counted. */
    private String after(Before before, long id, Map<String, Long> ignoredBefore) {
        Map<String, Long> counted = new TreeMap<>(bench.ignored.counts());
        ignoredBefore.forEach((reason, count) -> counted.computeIfPresent(reason, (r, now) -> now - count == 0 ? null : now - count));
        boolean moved = !row(id).equals(before.row());
        return moved && counted.isEmpty() ? row(id) : moved ? row(id) + " and " + counted : String.join(",", counted.keySet());
    }

    @Test
    void answers_that_come_twice_or_crossed_before_any_commit_move_the_run_once() {
        bench.map(1);
        put(1, End.PRE_END, "success:next", 0);
        put(1, End.PRE_END, "success:next", 0);
        put(1, End.PRE_END, "fail", 0);
        put(1, End.END, "success", 0);
        put(1, End.END, "fail", 0);
        put(1, End.PRE_END, "success:next", 0);
        settle();
        assertEquals("success MAIN", row(1));
        long ignored = bench.ignored.counts().values().stream().mapToLong(Long::longValue).sum();
        assertEquals(4, ignored, bench.ignored.counts().toString());
        assertEquals(RunState.SUCCESS, bench.state(1));
        assertEquals(Map.of("success", 1L), bench.tallies());
    }

    @Test
    void a_map_whose_job_nobody_knows_any_more_is_left_to_its_deadline() {
        OpenRun run = bench.run(1);
        bench.open.add(new OpenRun(1, 7, Bench.NAMES, run.trigger(), run.fireAt(), run.storedDeadline(), run.deadlineAt(), run.sentAt()).inFirstStep(null));
        put(1, End.PRE_END, "success:next", 0);
        settle();
        assertEquals(Map.of("job-gone", 1L), bench.ignored.counts());
        assertEquals(RunState.RUNNING, bench.state(1));
    }
}
