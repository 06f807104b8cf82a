package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.LiveWorkers;
import io.natsjob.cluster.Term;
import io.natsjob.cluster.WorkerChoice;
import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.Jobs;
import io.natsjob.job.Parts;
import io.natsjob.job.Run;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SubjectModel;
import io.natsjob.store.Database;
import io.natsjob.store.NewRun;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.StoreOptions;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ultra runs that were claimed without workers (docs/rules.md 20). */
class PicksTest {
    private static final long NOW = 1_800_000_000_000L;
    private final ManualClock clock = new ManualClock(NOW);
    private final SteadyTime time = new SteadyTime(clock);
    private final OpenRuns open = new OpenRuns();
    private final Weather weather = new Weather();
    private final Wire.Notes notes = new Wire.Notes();
    private final LiveWorkers live = new LiveWorkers();
    private final Job job = Jobs.ultra(4, SubjectModel.MEMORY, null);
    private Wire wire;
    private Database database;
    private Leadership leadership;
    private Term term;
    private Confirmer confirmer;
    private Picks picks;
    private Sender sender;

    @BeforeEach
    void begin(@TempDir Path folder) {
        wire = new Wire(Clock.system());
        database = Database.open(new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 1), Clock.system());
        leadership = new Leadership(database, time);
        term = leadership.take().orElseThrow();
        confirmer = new Confirmer(wire.publishing);
        picks = new Picks(database, term, new Addressing(live.workers, new WorkerChoice(new Random(1)), weather), new Admission(weather, time));
        wire.unpicked = picks;
        sender = wire.sender(open, time, confirmer, new JetStreamLane(wire.publishing, open, time, () -> 0, () -> true), new ArrayList<>());
        picks.start(sender);
    }

    @AfterEach
    void end() throws Exception {
        picks.close();
        confirmer.close();
        database.close();
        wire.close();
    }

    private Fire claimed(long id) {
        database.write(Priority.CLAIM, sql -> {
            RunTable.insert(sql, term.number(), List.of(new NewRun(id, 4, 1, RunNames.of(job), RunTrigger.CRON, NOW + id, 1, NOW + 30_000, "", RunStep.MAIN, null)));
            return null;
        });
        return new Fire(0, job, NOW, id, RunTrigger.CRON, false, "", NOW + 30_000);
    }

    private Parts parts(long id) {
        return database.read(sql -> RunTable.find(sql, id)).map(Run::parts).orElse(null);
    }

    @Test
    void their_workers_are_in_the_row_before_they_are_sent() {
        live.beat("w1", 1).beat("w2", 1);
        Fire fire = claimed(5_000);
        sender.send(fire, 10, notes);
        picks.close();
        confirmer.turn();
        notes.await("sent 5000");
        assertEquals(Parts.all(List.of("w1", "w2")), parts(5_000));
        assertEquals(2, open.runningParts(null));
    }

    @Test
    void without_a_worker_they_are_refused_and_the_row_is_as_it_was() {
        sender.send(claimed(5_000), 10, notes);
        notes.await("no-worker 5000");
        assertEquals(null, parts(5_000));
        assertEquals(0, open.running());
    }

    @Test
    void without_the_database_they_are_not_sent() {
        live.beat("w1", 1);
        Fire fire = claimed(5_000);
        database.write(Priority.EDIT, sql -> sql.update("CREATE TRIGGER keep BEFORE UPDATE ON natsjob_run BEGIN SELECT RAISE(ABORT, 'kept'); END"));
        sender.send(fire, 10, notes);
        notes.await("db-down 5000");
        assertEquals(0, open.running());
    }

    @Test
    void in_anothers_term_nothing_is_written_and_nothing_sent() {
        live.beat("w1", 1);
        Fire fire = claimed(5_000);
        leadership.take();
        weather.leading = false;
        sender.send(fire, 10, notes);
        picks.close();
        assertEquals(null, parts(5_000));
        notes.await("no-leader 5000");
        assertEquals(0, open.running());
    }

    @Test
    void a_pause_that_came_while_it_waited_counts() {
        live.beat("w1", 1);
        weather.paused = true;
        sender.send(claimed(5_000), 10, notes);
        notes.await("paused 5000");
    }
}
