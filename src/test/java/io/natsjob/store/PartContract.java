package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.job.Parts;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for the parts of runs. */
abstract class PartContract {
    private static final long FIRE = 1_700_000_000_000L;
    private Database database;

    /** An empty database. */
    abstract Database open();

    /** Called after each test: what {@link #open} made is not needed any more. */
    void drop() {}

    @BeforeEach
    void openDatabase() {
        database = open();
    }

    @AfterEach
    void closeDatabase() {
        if (database != null) { // none where there is no such server
            database.close();
            drop();
        }
    }

    private <T> T read(Function<Sql, T> work) {
        return database.read(work);
    }

    private <T> T write(Function<Sql, T> work) {
        return database.write(Priority.ANSWERS, work);
    }

    private void insert(long term, NewRun... runs) {
        write(sql -> {
            RunTable.insert(sql, term, List.of(runs));
            return null;
        });
    }

    private static PartEnd part(long run, int index, RunState state, String reason) {
        return new PartEnd(run, Parts.subId(run, index), "w" + index, state, reason, "m", null, FIRE + 9);
    }

    @Test
    void a_part_ends_once_and_only_while_its_run_is_open() {
        Parts parts = Parts.all(List.of("a", "b", "c"));
        for (long id : List.of(100L, 200L, 300L)) {
            insert(1, new NewRun(id, 8, 3, Samples.NAMES, RunTrigger.CRON, FIRE + id, 1, FIRE, "", RunStep.MAIN, parts));
        }
        write(sql -> RunTable.end(sql, List.of(Samples.end(300, RunState.FAIL))));
        assertArrayEquals(new int[] {1, 0, 1, 0, 0}, write(sql -> PartTable.end(sql, List.of(part(100, 0, RunState.SUCCESS, "中😀"), part(100, 0, RunState.FAIL, "again"),
                part(200, 2, RunState.FAIL, null), part(300, 0, RunState.FAIL, "over"), part(400, 0, RunState.FAIL, "no run")))));
        assertArrayEquals(new int[] {0, 1}, write(sql -> PartTable.end(sql, List.of(part(100, 0, RunState.FAIL, "again"), part(100, 1, RunState.FAIL, "r")))));
        List<PartEnd> open = new ArrayList<>();
        read(sql -> {
            PartTable.eachOfOpen(sql, 100, open::add);
            return null;
        });
        assertEquals(List.of(part(100, 0, RunState.SUCCESS, "中😀"), part(100, 1, RunState.FAIL, "r"), part(200, 2, RunState.FAIL, null)), open);
        assertEquals(Set.of(100L, 200L), read(sql -> PartTable.of(sql, List.of(100L, 200L, 300L, 400L))).keySet());
        assertEquals(part(200, 2, RunState.FAIL, null), read(sql -> PartTable.of(sql, List.of(200L))).get(200L).get(203L));
        write(sql -> RunTable.end(sql, List.of(Samples.end(100, RunState.FAIL))));
        open.clear();
        read(sql -> {
            PartTable.eachOfOpen(sql, 101, open::add);
            return null;
        });
        assertEquals(List.of(part(200, 2, RunState.FAIL, null)), open, "of open runs only");
        assertEquals(2, read(sql -> PartTable.of(sql, List.of(100L))).get(100L).size());
    }

    @Test
    void workers_are_picked_once_in_the_leaders_term_and_a_lost_answer_is_found_again() {
        insert(0, Samples.claim(1, 8, FIRE), Samples.claim(2, 8, FIRE + 1), Samples.claim(3, 8, FIRE + 2));
        write(sql -> RunTable.end(sql, List.of(Samples.end(3, RunState.FAIL))));
        Parts mine = Parts.all(List.of("a", "b"));
        assertEquals(Set.of(), write(sql -> RunTable.pick(sql, 5, Map.of(1L, mine))), "another's term");
        assertEquals(Set.of(1L), write(sql -> RunTable.pick(sql, 0, Map.of(1L, mine, 3L, mine, 4L, mine))));
        assertEquals(Set.of(1L, 2L), write(sql -> RunTable.pick(sql, 0, Map.of(1L, mine, 2L, Parts.one("a")))), "again");
        assertEquals(Set.of(), write(sql -> RunTable.pick(sql, 0, Map.of(1L, Parts.one("b")))), "others");
        assertEquals(mine, read(sql -> RunTable.find(sql, 1)).orElseThrow().parts());
    }
}
