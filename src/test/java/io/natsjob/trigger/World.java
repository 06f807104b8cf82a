package io.natsjob.trigger;


import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.dispatch.Decisions;
import io.natsjob.job.App;
import io.natsjob.job.Category;
import io.natsjob.job.Condition;
import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Limits;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.Namespace;
import io.natsjob.job.Parts;
import io.natsjob.job.Route;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.job.Timing;
import io.natsjob.store.AppTable;
import io.natsjob.store.Database;
import io.natsjob.store.JobTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NamespaceTable;
import io.natsjob.store.Pause;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.Settlement;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreOptions;
import io.natsjob.store.StoredOpenRun;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A server as far as trigger goes, moved by hand: real database, real timer, claimer and decisions, no threads; in place of NATS
 * a list of what was handed on. A crash throws its leader away.
 */
final class World extends Books implements AutoCloseable {
    /** 2026-03-01T10:00:00Z. */
    static final long START = 1_772_359_200_000L;
    static final String EVERY_SECOND = "* * * * * *";
    private static final long STEP_MILLIS = 250;

    /** A fire that would have gone to NATS. */
    record Sent(long jobId, long fireAt, long runId, boolean takenOver, String args, RunTrigger trigger) {}

    final ManualClock clock = new ManualClock(START);
    final List<Sent> sent = new ArrayList<>();
    /** Runs that a leader found open and leaves to their deadline. */
    final List<StoredOpenRun> left = new ArrayList<>();
    /** What dispatch refuses for reasons of its own. */
    Function<Fire, SkipReason> refusal = fire -> null;
    /** Fires of these seconds are sent but not decided until the test says so. */
    final Set<Long> undecidedSeconds = new HashSet<>();
    /** Whom a claim of ultra goes to. */
    Function<Job, Parts> workers = job -> null;
    boolean natsDown;
    boolean claimerStalled;
    final Answers answers = new Answers();
    SteadyTime time = new SteadyTime(clock);
    Leader leader;
    private long nextJob = 100;

    World(Path folder) {
        super(new FailingDatabase(Database.open(new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 1), Clock.system())));
    }

    /** All that one leader keeps in memory. */
    final class Leader implements Gate {
        final Leadership leadership = new Leadership(database, time);
        final Term term;
        final Roster roster = new Roster(ZoneOffset.UTC);
        final Decisions decisions;
        final Claimer claimer;
        final Timer timer;
        final List<FireBatch> batches = new ArrayList<>();
        final List<Fire> madeUp = new ArrayList<>();
        final List<FireBatch> handedOn = new ArrayList<>();
        final List<Fire> undecided = new ArrayList<>();
        final RunIds ids;
        Set<Long> paused = new HashSet<>();
        long oldestOpen = Long.MAX_VALUE;
        private long changeSeq;

        Leader() {
            term = leadership.take().orElseThrow();
            Inherited inherited = new Inherited(term);
            long first = Timer.first(term);
            List<Pause> pauses = database.read(sql -> {
                JobTable.each(sql, job -> roster.put(job, first - 1_000));
                RunTable.eachOpen(sql, term.marks().oldestOpenId(), row -> takeOver(row, inherited));
                changeSeq = LeaderTable.read(sql).changeSeq();
                return PauseTable.all(sql);
            });
            ids = new RunIds(time, database.read(RunTable::lastId));
            decisions = new Decisions(term.marks().settled());
            claimer = new Claimer(new Lead(database, leadership, term, time, new NewRuns(ids, workers)), roster, inherited, new Claimer.Ports(this::accept, madeUp::addAll, new Settlements() {
                @Override
                public Settlement take() {
                    return decisions.take();
                }

                @Override
                public void passed(long fireAt) {
                    decisions.passed(fireAt);
                }
            }, answers, () -> oldestOpen));
            timer = new Timer(roster, time, this, claimer, this::accept, first);
            follow(pauses);
            Pause all = pauses.stream().filter(pause -> pause.namespaceId() == PauseTable.ALL).findFirst().orElse(null);
            long passed = claimer.passBeforeStart(all);
            if (paused.contains(PauseTable.ALL)) {
                timer.heldSince(passed, SkipReason.PAUSED);
            }
            claim();
        }

        private void takeOver(StoredOpenRun row, Inherited inherited) {
            int slot = roster.slot(row.jobId());
            Job job = roster.job(slot);
            boolean fires = job != null && (job.version() == row.jobVersion() || roster.firesAt(slot, row.fireAt()));
            Inherited.Kind kind = inherited.add(row, fires ? new Fire(slot, job, row.fireAt(), row.id(), row.trigger(), true, row.args(), row.deadlineAt()) : null);
            if (kind == Inherited.Kind.UNSETTLED || kind == Inherited.Kind.SENT || kind == Inherited.Kind.AHEAD && !fires) {
                left.add(row);
            }
        }

        void accept(FireBatch batch) {
            handedOn.add(batch);
            decisions.expect(batch);
            batches.add(batch);
        }

        /** What the watch of edits does when it is woken. */
        void watch() {
            database.read(sql -> {
                timer.apply(JobTable.changedSince(sql, changeSeq));
                changeSeq = LeaderTable.read(sql).changeSeq();
                follow(PauseTable.all(sql));
                return null;
            });
        }

        private void follow(List<Pause> pauses) {
            Set<Long> now = new HashSet<>();
            pauses.stream().filter(pause -> pause.resumedAt() == null).forEach(pause -> now.add(pause.namespaceId()));
            paused = now;
        }

        /** Does all that is due now. */
        void turn() {
            for (long wait = timer.turn(); wait <= 0; wait = timer.turn()) {
                claim();
                dispatch();
            }
            claim();
            dispatch();
        }

        private void claim() {
            while (!claimerStalled && claimer.step()) {
                // Until the queue is empty.
            }
        }

        private void dispatch() {
            List<FireBatch> due = batches.stream().filter(batch -> batch.fireAt() <= time.millis()).toList();
            batches.removeAll(due);
            due.forEach(batch -> batch.fires().forEach(this::dispatch));
            List<Fire> missed = List.copyOf(madeUp);
            madeUp.clear();
            missed.forEach(this::dispatch);
        }

        private void dispatch(Fire fire) {
            if (!leadership.holds(term)) {
                return;
            }
            Job current = current(fire);
            SkipReason reason = current == null ? SkipReason.CHANGED : closed();
            if (reason == null && paused.contains(current.app().namespace().id())) {
                reason = SkipReason.PAUSED;
            }
            if (reason == null && fire.trigger() == RunTrigger.CRON && time.millis() > fire.fireAt() + Fire.MAX_LATE_MILLIS) {
                reason = SkipReason.MISSED;
            }
            reason = reason == null ? refusal.apply(fire) : reason;
            if (reason != null) {
                decisions.refused(fire, reason);
                return;
            }
            sent.add(new Sent(fire.job().id(), fire.fireAt(), fire.runId(), fire.takenOver(), fire.of(current).args(), fire.trigger()));
            if (undecidedSeconds.contains(fire.fireAt())) {
                undecided.add(fire);
            } else {
                decisions.sent(fire);
            }
        }

        private Job current(Fire fire) {
            Job now = roster.job(fire.slot());
            if (now == fire.job()) {
                return now.live() ? now : null;
            }
            boolean same = now != null && now.id() == fire.job().id() && now.spec().recorded() == fire.recorded();
            return same && roster.firesAt(fire.slot(), fire.fireAt()) ? now : null;
        }

        void decideAll() {
            undecided.forEach(decisions::sent);
            undecided.clear();
            undecidedSeconds.clear();
        }

        /** A clean stop: what is claimed is still sent. */
        void stop() {
            timer.close();
            claimer.close();
            long last = batches.stream().mapToLong(FireBatch::fireAt).max().orElse(0);
            if (last > time.millis()) {
                clock.tick(Duration.ofMillis(last - time.millis()));
            }
            dispatch();
            decideAll();
            claimer.settle();
        }

        @Override
        public SkipReason closed() {
            if (paused.contains(PauseTable.ALL)) {
                return SkipReason.PAUSED;
            }
            if (!leadership.holds(term)) {
                return SkipReason.NO_LEADER;
            }
            return natsDown ? SkipReason.NATS_DOWN : null;
        }

        @Override
        public boolean paused(long namespaceId) {
            return paused.contains(namespaceId);
        }
    }

    void start() {
        leader = new Leader();
    }

    /** Everything in memory is gone; a new process begins {@code after} it. */
    void crash(Duration after) {
        clock.tick(after);
        time = new SteadyTime(clock);
        undecidedSeconds.clear();
        claimerStalled = false;
        start();
    }

    void run(Duration length) {
        for (long passed = 0; passed < length.toMillis(); passed += STEP_MILLIS) {
            clock.tick(Duration.ofMillis(STEP_MILLIS));
            leader.turn();
        }
    }

    void runSeconds(int seconds) {
        run(Duration.ofSeconds(seconds));
    }

    Job job(Model model) {
        return job(model, EVERY_SECOND);
    }

    /** A new job of the default app, anchored now. */
    Job job(Model model, String schedule) {
        return job(model, schedule, app());
    }

    Job job(Model model, String schedule, App app) {
        return job(model, schedule, app, Misfire.SKIP, 1);
    }

    /** A new job of model max in the default app that makes up what it misses. */
    Job job(String schedule, Misfire misfire, int misfireMax) {
        return job(Model.MAX, schedule, app(), misfire, misfireMax);
    }

    private Job job(Model model, String schedule, App app, Misfire misfire, int misfireMax) {
        long id = nextJob++;
        JobSpec spec = misfire(spec("job" + id, schedule, model, true, "args", clock.millis()), misfire, misfireMax);
        Job job = new Job(id, 1, app, spec, clock.millis(), clock.millis());
        edit((sql, change) -> JobTable.insert(sql, job, change));
        return job;
    }

    static JobSpec misfire(JobSpec spec, Misfire misfire, int misfireMax) {
        Timing t = spec.timing();
        return new JobSpec(spec.name(), spec.comment(), spec.enabled(), new Timing(t.schedule(), t.zone(), t.anchor(), t.startAt(), t.endAt(), misfire, misfireMax),
                spec.route(), spec.limits(), spec.args());
    }

    static JobSpec spec(String name, String schedule, Model model, boolean enabled, String args, long anchor) {
        return new JobSpec(name, "", enabled, new Timing(schedule, "UTC", anchor, null, null, Misfire.SKIP, 1),
                new Route(Category.STANDALONE, model, SubjectModel.MEMORY, Condition.ROUND), new Limits(1, 3_600), args);
    }

    /** The job after a change of its spec. */
    Job change(Job job, JobSpec spec) {
        Job changed = new Job(job.id(), job.version() + 1, job.app(), spec, job.createdAt(), clock.millis());
        edit((sql, change) -> JobTable.update(sql, changed, job.version(), change));
        return changed;
    }

    void delete(Job job) {
        edit((sql, change) -> JobTable.delete(sql, job.id(), clock.millis(), change));
    }

    void pause(long namespaceId) {
        edit((sql, change) -> PauseTable.pause(sql, namespaceId, LeaderTable.read(sql).claimed()));
    }

    void resume(long namespaceId) {
        edit((sql, change) -> PauseTable.resume(sql, namespaceId, Math.max(clock.millis(), LeaderTable.read(sql).claimed())));
    }

    App app() {
        return database.read(sql -> AppTable.findByName(sql, Namespace.DEFAULT, App.DEFAULT)).orElseThrow();
    }

    App otherApp() {
        return database.write(Priority.EDIT, sql -> {
            long change = LeaderTable.nextChange(sql);
            Namespace namespace = NamespaceTable.insert(sql, new Namespace(7, 1, "other", "", true, START, START), change);
            return AppTable.insert(sql, new App(7, 1, namespace, "other", "", true, START, START), change);
        });
    }

    /** An edit as the API makes it: its number first, then the work. */
    private void edit(BiConsumer<Sql, Long> work) {
        database.write(Priority.EDIT, sql -> {
            work.accept(sql, LeaderTable.nextChange(sql));
            return null;
        });
        if (leader != null) {
            leader.watch();
        }
    }

    List<Long> sentSeconds(Job job) {
        return sent.stream().filter(each -> each.jobId() == job.id()).map(Sent::fireAt).toList();
    }

    /** The second {@code n} after the start. */
    static long second(int n) {
        return START + 1_000L * n;
    }

    static List<Long> seconds(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(World::second).toList();
    }

    @Override
    public void close() {
        database.close();
    }
}
