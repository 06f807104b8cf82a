package io.natsjob;

import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.cluster.WorkerChoice;
import io.natsjob.dispatch.Addressing;
import io.natsjob.dispatch.Admission;
import io.natsjob.dispatch.Confirmer;
import io.natsjob.dispatch.CurrentJobs;
import io.natsjob.dispatch.Decisions;
import io.natsjob.dispatch.Dispatcher;
import io.natsjob.dispatch.JetStreamLane;
import io.natsjob.dispatch.MainSteps;
import io.natsjob.dispatch.ManualRuns;
import io.natsjob.dispatch.Messages;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.dispatch.Picks;
import io.natsjob.dispatch.Presets;
import io.natsjob.dispatch.Sender;
import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.Parts;
import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.nats.DurableReader;
import io.natsjob.nats.OrderedReader;
import io.natsjob.nats.Requests;
import io.natsjob.protocol.Buckets;
import io.natsjob.protocol.WireTime;
import io.natsjob.result.Monitor;
import io.natsjob.result.Purger;
import io.natsjob.result.Results;
import io.natsjob.result.StepReader;
import io.natsjob.store.JobTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.PartEnd;
import io.natsjob.store.PartTable;
import io.natsjob.store.Pause;
import io.natsjob.store.PauseTable;
import io.natsjob.store.RunTable;
import io.natsjob.store.Settlement;
import io.natsjob.store.StoredOpenRun;
import io.natsjob.trigger.Claimer;
import io.natsjob.trigger.Durability;
import io.natsjob.trigger.JobWatch;
import io.natsjob.trigger.Lead;
import io.natsjob.trigger.NewRuns;
import io.natsjob.trigger.Roster;
import io.natsjob.trigger.Settlements;
import io.natsjob.trigger.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Everything that runs while this server leads, made anew for each term and thrown away after it, so that nothing of a former
 * term is ever acted upon. Constructed = loaded from the database; a failed load throws and leaves nothing behind.
 */
final class LeaderTerm implements AutoCloseable {
    /** Acknowledgements and commits in flight are awaited this long at a stop. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    /** Runs are entered in memory within this time after their id was made: the oldest open run is looked for no nearer. */
    private static final long CLAIM_MARGIN_MILLIS = 60_000;
    private static final Log LOG = Log.of("server");

    private final LeaderContext context;
    private final Term term;
    private final Predicate<String> yielding;
    private final Weather weather;
    private final OpenRuns open = new OpenRuns();
    private final Results results;
    private final OrderedReader reader;
    private final Monitor monitor;
    private final DurableReader steps;
    private final Confirmer confirmer;
    private final JetStreamLane jetStream;
    private final Presets presets;
    private final Picks picks;
    private final Sender sender;
    private final MainSteps mainSteps;
    private final Dispatcher dispatcher;
    private final Claimer claimer;
    private final Timer timer;
    private final JobWatch watch;
    private final ManualRuns manual;
    private final TakenOver takenOver;
    /** The pause of everything that lasts, or that nobody has evaluated yet; null without one. */
    private final Pause pause;
    /** Other servers' commands and news, while this one leads. */
    private final List<Requests.Service> services = new ArrayList<>();

    private record Loaded(long changeSeq, List<Pause> pauses, long lastRunId) {}

    /** @param yielding gives the lease to the server of an id, if there is reason to, see {@link LeaderLoop#yieldTo} */
    LeaderTerm(LeaderContext context, Term term, Predicate<String> yielding) {
        this.context = context;
        this.term = term;
        this.yielding = yielding;
        this.weather = new Weather(context, term);
        WireTime wireTime = new WireTime(context.zone());
        this.monitor = new Monitor(context.publishing(), wireTime);
        this.results = new Results(context.database(), term, open, context.results().purgingWhile(weather::leading), context.ignored(), context.time(),
                new Results.Ports(context.setup()::again, this::mainStep, monitor));
        this.reader = new OrderedReader(context.link(), Buckets.RESULTS, results.reader(), context.clock());
        this.steps = new DurableReader(context.link(), StepReader.SOURCE, new StepReader(context.database(), () -> context.leadership().holds(term),
                new StepReader.Settings(wireTime, context.resultsKept()), monitor, context.ignored(), context.time()), context.clock());

        long first = Timer.first(term);
        Roster roster = new Roster(context.zone());
        this.takenOver = new TakenOver(term, roster, open);
        Loaded loaded = load(roster, first - 1_000);
        weather.pauses(loaded.pauses);
        this.pause = loaded.pauses.stream().filter(each -> each.namespaceId() == PauseTable.ALL).findFirst().orElse(null);

        RunIds ids = new RunIds(context.time(), loaded.lastRunId + Parts.MAX);
        Decisions decisions = new Decisions(term.marks().settled());
        Admission admission = new Admission(weather, context.time());
        this.confirmer = new Confirmer(context.publishing());
        this.jetStream = new JetStreamLane(context.publishing(), open, context.time(), context.setup()::duplicateWindowMillis, weather::leading);
        this.presets = new Presets(context.publishing(), confirmer, context.keyPresets(), context.time());
        Addressing addressing = new Addressing(context.workers(), new WorkerChoice(new Random()), weather);
        this.picks = new Picks(context.database(), term, addressing, admission);
        this.sender = new Sender(new Sender.Lanes(context.publishing(), confirmer, jetStream, presets, weather::leading),
                new Messages(wireTime, term.number()), open, context.time(), ids, new Sender.Told(results::postponed, results::refusedPart, picks));
        this.mainSteps = new MainSteps(sender);
        this.dispatcher = new Dispatcher(current(roster), admission, sender, decisions, context.time());
        NewRuns rows = new NewRuns(ids, job -> addressing.choose(job).parts());
        this.claimer = new Claimer(new Lead(context.database(), context.leadership(), term, context.time(), rows), roster, takenOver.inherited(),
                new Claimer.Ports(dispatcher::accept, dispatcher::makeUp, settlements(decisions), durability(results.purger()), this::oldestOpenRun));
        this.timer = new Timer(roster, context.time(), weather, claimer, dispatcher::accept, first);
        this.watch = new JobWatch(context.database(), timer, weather::pauses, loaded.changeSeq);
        this.manual = new ManualRuns(context.database(), term, ids, admission, addressing, sender, open, context.time());
        LOG.info("loaded", "jobs", roster.size(), "openRuns", takenOver.size());
    }

    /** Reads what waits in NATS, marks what was missed, then fires; what was missed is evaluated beside that. */
    void start() {
        monitor.start();
        results.start();
        reader.start();
        steps.start();
        confirmer.start();
        jetStream.start();
        presets.start();
        mainSteps.start();
        picks.start(sender);
        dispatcher.start();
        takenOver.resend(sender);
        long passed = claimer.passBeforeStart(pause);
        if (pause != null && pause.resumedAt() == null) {
            timer.heldSince(passed, SkipReason.PAUSED);
        }
        claimer.start();
        timer.start();
        watch.start();
        services.add(context.commands().onChange(watch::wake));
        services.add(context.commands().serve(new CommandDesk(new LocalLeader(context, this), yielding)::answer));
    }

    /** Claims nothing more, sends and settles what is claimed, writes what was answered (docs/rules.md 13). */
    @Override
    public void close() {
        services.forEach(Requests.Service::close);
        watch.close();
        timer.close();
        claimer.close();
        dispatcher.close();
        picks.close();
        reader.close();
        steps.close();
        results.close();
        mainSteps.close();
        presets.close();
        jetStream.close(STOP_LIMIT);
        confirmer.close();
        monitor.close();
        claimer.settle();
        results.purger().close();
    }

    /** Whether this server acts as the leader of this term at this moment. */
    boolean leads() {
        return weather.leading();
    }

    OpenRuns open() {
        return open;
    }

    Results results() {
        return results;
    }

    ManualRuns manual() {
        return manual;
    }

    /** An edit was committed. */
    void changed() {
        watch.wake();
    }

    private void mainStep(OpenRun run) {
        mainSteps.committed(run);
    }

    private Loaded load(Roster roster, long after) {
        List<StoredOpenRun> rows = new ArrayList<>();
        Map<Long, Job> deleted = new HashMap<>();
        List<PartEnd> parts = new ArrayList<>();
        Loaded loaded = context.database().read(sql -> {
            JobTable.each(sql, job -> roster.put(job, after));
            RunTable.eachOpen(sql, term.marks().oldestOpenId(), rows::add);
            PartTable.eachOfOpen(sql, term.marks().oldestOpenId(), parts::add);
            for (StoredOpenRun row : rows) {
                if (TakenOver.ofMap(row) && roster.slot(row.jobId()) == Fire.NO_SLOT) {
                    JobTable.findAny(sql, row.jobId()).ifPresent(job -> deleted.put(job.id(), job));
                }
            }
            return new Loaded(LeaderTable.read(sql).changeSeq(), PauseTable.all(sql), RunTable.lastId(sql));
        });
        rows.forEach(row -> takenOver.add(row, deleted.get(row.jobId())));
        parts.forEach(takenOver::add);
        return loaded;
    }

    private long oldestOpenRun() {
        return open.oldestId(RunIds.floor(context.time().millis() - CLAIM_MARGIN_MILLIS));
    }

    private static CurrentJobs current(Roster roster) {
        return (Fire fire) -> {
            Job now = roster.job(fire.slot());
            if (now == fire.job()) {
                return now.live() ? now : null;
            }
            boolean same = now != null && now.id() == fire.job().id() && now.spec().claimedLike(fire.job().spec());
            return same && roster.firesAt(fire.slot(), fire.fireAt()) ? now : null;
        };
    }

    private static Settlements settlements(Decisions decisions) {
        return new Settlements() {
            @Override
            public Settlement take() {
                return decisions.take();
            }

            @Override
            public void passed(long fireAt) {
                decisions.passed(fireAt);
            }
        };
    }

    private static Durability durability(Purger purger) {
        return new Durability() {
            @Override
            public long committed() {
                return purger.committed();
            }

            @Override
            public void durable(long revision) {
                purger.durable(revision);
            }
        };
    }
}
