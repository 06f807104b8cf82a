package io.natsjob.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.dispatch.Decisions;
import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.Job;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.SkipReason;
import io.natsjob.store.AppTable;
import io.natsjob.store.Database;
import io.natsjob.store.GapTable;
import io.natsjob.store.JobTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Marks;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.Settlement;
import io.natsjob.store.StoreOptions;
import io.natsjob.testkit.Eventually;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Very many jobs, real threads, real time, real SQLite: the figures of docs/performance.md. Size by {@code -Dnatsjob.jobs}. */
@Tag("load")
class MillionJobsTest {
    private static final int JOBS = Integer.getInteger("natsjob.jobs", 1_000_000);
    private static final int ON_ONE_SECOND = Integer.getInteger("natsjob.oneSecond", 100_000);
    private static final long OUTAGE_MILLIS = Duration.ofHours(25).toMillis();

    @TempDir
    Path folder;
    private final Clock clock = Clock.system();
    private final SteadyTime time = new SteadyTime(clock);
    private final Roster roster = new Roster(ZoneOffset.UTC);
    private final AtomicInteger madeUp = new AtomicInteger();
    private final AtomicInteger fired = new AtomicInteger();
    private final AtomicLong firstFire = new AtomicLong();
    private final AtomicLong worstLate = new AtomicLong(Long.MIN_VALUE);

    private Database open() {
        return Database.open(new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 1), clock);
    }

    /** Daily jobs, spread over the day; one of a thousand makes up what it missed, and one fires each second. */
    private static String daily(int n) {
        int second = n % 86_400;
        return second % 60 + " " + second / 60 % 60 + " " + second / 3_600 + " * * *";
    }

    private void insert(Database database, int count, String only, long anchor) {
        for (int from = 0; from < count; from += 10_000) {
            int first = from;
            database.write(Priority.EDIT, sql -> {
                var app = AppTable.findByName(sql, "app", "biz").orElseThrow();
                for (int i = first; i < Math.min(count, first + 10_000); i++) {
                    String schedule = only != null ? only : i == 0 ? World.EVERY_SECOND : daily(i);
                    var spec = World.misfire(World.spec("j" + i, schedule, Model.MAX, true, "", anchor), i % 1_000 == 500 ? Misfire.FIRE_ONCE : Misfire.SKIP, 1);
                    JobTable.insert(sql, new Job(1_000 + i, 1, app, spec, 0, 0), 1);
                }
                return null;
            });
        }
    }

    private void dispatch(FireBatch batch) {
        if (batch.recorded() && !batch.fires().isEmpty()) {
            long now = time.millis();
            firstFire.compareAndSet(0, Math.max(now, batch.fireAt()));
            fired.addAndGet(batch.fires().size());
            worstLate.accumulateAndGet(now - batch.fireAt(), Math::max);
        }
    }

    private final class Leader implements AutoCloseable, Gate {
        final Claimer claimer;
        final Timer timer;
        final long passed;

        Leader(Database database, Leadership leadership, Term term) {
            Decisions decisions = new Decisions(term.marks().settled());
            RunIds ids = new RunIds(time, database.read(RunTable::lastId));
            claimer = new Claimer(new Lead(database, leadership, term, time, new NewRuns(ids, job -> null)), roster, new Inherited(term),
                    new Claimer.Ports(batch -> {
                        decisions.expect(batch);
                        dispatch(batch);
                        batch.fires().forEach(decisions::sent);
                    }, fires -> madeUp.addAndGet(fires.size()), new Settlements() {
                        @Override
                        public Settlement take() {
                            return decisions.take();
                        }

                        @Override
                        public void passed(long fireAt) {
                            decisions.passed(fireAt);
                        }
                    }, new Answers(), () -> Long.MAX_VALUE));
            timer = new Timer(roster, time, this, claimer, batch -> {
                decisions.expect(batch);
                batch.fires().forEach(decisions::sent);
            }, Timer.first(term));
            passed = claimer.passBeforeStart(null);
            claimer.start();
            timer.start();
        }

        @Override
        public SkipReason closed() {
            return null;
        }

        @Override
        public boolean paused(long namespaceId) {
            return false;
        }

        @Override
        public void close() {
            timer.close();
            claimer.close();
        }
    }

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void a_day_of_a_million_jobs_is_evaluated_beside_the_first_fires() {
        long now = clock.millis();
        try (Database database = open()) {
            insert(database, JOBS, null, now - 2 * OUTAGE_MILLIS);
            database.write(Priority.EDIT, sql -> LeaderTable.moveMarks(sql, 0, now - OUTAGE_MILLIS, now - OUTAGE_MILLIS));
            Leadership leadership = new Leadership(database, time);
            long began = time.millis();
            Term term = leadership.take().orElseThrow();
            database.read(sql -> {
                JobTable.each(sql, job -> roster.put(job, Timer.first(term) - 1_000));
                return null;
            });
            long loaded = time.millis();
            long heap = used();
            try (Leader leader = new Leader(database, leadership, term)) {
                Eventually.await("the first fire", Duration.ofSeconds(30), () -> firstFire.get() != 0);
                Eventually.await("the evaluation", Duration.ofMinutes(4), () -> database.read(GapTable::all).isEmpty());
                long evaluated = time.millis();
                Eventually.awaitEqual("made up", Duration.ofSeconds(60), JOBS / 1_000, madeUp::get);
                System.out.printf("%,d jobs: loaded in %,d ms, heap %,d MiB; first fire %,d ms after that, evaluated after %,d ms, made up %,d after %,d ms, worst claim %,d ms after its second, heap %,d MiB%n",
                        JOBS, loaded - began, heap, firstFire.get() - loaded, evaluated - loaded, madeUp.get(), time.millis() - loaded, worstLate.get(), used());
                assertTrue(firstFire.get() - loaded < 5_000, "the first fire waited " + (firstFire.get() - loaded) + " ms");
                long counted = database.read(sql -> sql.one("SELECT COUNT(*) FROM natsjob_tally WHERE outcome = 'missed'", row -> row.longAt(1))).orElseThrow();
                assertTrue(counted >= JOBS - JOBS / 1_000, "tallies " + counted);
                Marks marks = database.read(LeaderTable::read);
                assertTrue(marks.claimed() > time.millis() - 2_000, "the marks keep up");
                assertEquals(leader.passed, leader.passed - leader.passed % 1_000);
            }
        }
    }

    private static long used() {
        System.gc();
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void a_hundred_thousand_jobs_on_one_second_are_all_claimed() {
        try (Database database = open()) {
            long at = (clock.millis() / 1_000 + 20) * 1_000;
            String second = at / 1_000 % 60 + " " + at / 60_000 % 60 + " " + at / 3_600_000 % 24 + " * * *";
            insert(database, ON_ONE_SECOND, second, clock.millis() - 1_000);
            Leadership leadership = new Leadership(database, time);
            Term term = leadership.take().orElseThrow();
            database.read(sql -> {
                JobTable.each(sql, job -> roster.put(job, Timer.first(term) - 1_000));
                return null;
            });
            assertTrue(clock.millis() < at - 2_000, "the machine is too slow for this test");
            Leader leader = new Leader(database, leadership, term);
            try (leader) {
                Eventually.awaitEqual("fires", Duration.ofSeconds(90), ON_ONE_SECOND, fired::get);
                System.out.printf("%,d jobs on one second: handed on %,d ms after it (negative: before)%n", ON_ONE_SECOND, worstLate.get());
                assertTrue(worstLate.get() < Fire.MAX_LATE_MILLIS, "late by " + worstLate.get());
            }
        }
    }
}
