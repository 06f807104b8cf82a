package io.natsjob.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.natsjob.cluster.Term;
import io.natsjob.job.Job;
import io.natsjob.job.Model;
import io.natsjob.store.Settlement;
import io.natsjob.store.Tally;
import io.natsjob.trigger.FailingDatabase.Fate;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions without a move of the marks whose answer is lost (docs/rules.md 5). */
class MarkWriterTest {
    @TempDir
    Path folder;
    private World world;
    private Job job;

    @BeforeEach
    void open() {
        world = new World(folder);
        job = world.job(Model.MAX);
        world.start();
        world.runSeconds(3);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @ParameterizedTest
    @EnumSource(value = Fate.class, names = {"LOST_BEFORE_COMMIT", "LOST_AFTER_COMMIT"})
    void a_refusal_of_what_was_made_up_is_counted_once_though_no_mark_moves_with_it(Fate fate) {
        Term term = world.leader.term;
        MarkWriter marks = new MarkWriter(world.database, new Term(term.number(), term.takenAt(), world.marks()));
        World.Sent made = world.sent.getLast();
        marks.decided(new Settlement(0, List.of(made.runId()), List.of(Tally.one(job.id(), "concurrency", made.fireAt()))));
        world.database.fates(fate);
        marks.finish(List.of(), List.of(), marks.claimed());
        assertFalse(marks.inDoubt());
        assertEquals(1L, world.tallies(job).get("concurrency"));
        assertFalse(world.rows(job).contains(made.fireAt()));
    }
}
