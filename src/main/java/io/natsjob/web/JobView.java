package io.natsjob.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.cron.CronException;
import io.natsjob.cron.Schedule;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Run;
import io.natsjob.job.Timing;
import io.natsjob.log.Log;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.PartEnd;
import io.natsjob.store.RunTable;
import io.natsjob.store.Sql;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import io.natsjob.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A job as JSON. */
final class JobView {
    private static final Log LOG = Log.of("web");

    private final Engine engine;
    private final ZoneId zone;
    private final Clock clock;

    /**
     * A job and what the database knows beside it, read in one snapshot.
     *
     * @param lastRun  null where it never ran
     * @param parts    of the last run those that have ended, by sub-id
     * @param lastSkip null where no fire was left out within the life of the tallies
     */
    record Row(Job job, Run lastRun, Map<Long, PartEnd> parts, Tally lastSkip) {
        static List<Row> of(Sql sql, List<Job> jobs) {
            long settled = LeaderTable.read(sql).settled();
            List<Run> runs = jobs.stream().map(job -> RunTable.lastOf(sql, job.id(), settled).orElse(null)).toList();
            Map<Long, Map<Long, PartEnd>> parts = RunView.endedParts(sql, runs.stream().filter(Objects::nonNull).toList());
            return IntStream.range(0, runs.size()).mapToObj(i -> new Row(jobs.get(i), runs.get(i),
                    runs.get(i) == null ? Map.of() : parts.getOrDefault(runs.get(i).id(), Map.of()), TallyTable.lastSkip(sql, jobs.get(i).id()).orElse(null))).toList();
        }
    }

    JobView(Engine engine, ZoneId zone, Clock clock) {
        this.engine = engine;
        this.zone = zone;
        this.clock = clock;
    }

    /** One job. */
    JsonObject of(Row row) {
        return over(List.of(row)).apply(row);
    }

    /** The view of these rows: the leader is asked about all of them at once. */
    Function<Row, JsonObject> over(List<Row> rows) {
        Set<Long> jobs = rows.stream().map(row -> row.job().id()).collect(Collectors.toSet());
        Set<Long> tasks = RunView.open(rows.stream().map(Row::lastRun).filter(Objects::nonNull).toList());
        Optional<Engine.Facts> facts = engine.facts(jobs, tasks, null);
        return row -> of(row, facts);
    }

    private JsonObject of(Row row, Optional<Engine.Facts> facts) {
        Job job = row.job();
        JsonValue lastRun = row.lastRun() == null ? Json.NULL : RunView.of(row.lastRun(), facts, row.parts());
        JsonValue lastSkip = row.lastSkip() == null ? Json.NULL
                : new JsonObject().add("reason", row.lastSkip().outcome()).add("at", row.lastSkip().lastAt());
        JsonObject json = writable(job)
                .add("id", Values.id(job.id()))
                .add("version", job.version())
                .add("nextFireAt", Values.of(nextFireAt(job)))
                .add("lastRun", lastRun)
                .add("running", Values.of(facts.map(known -> known.running().getOrDefault(job.id(), 0L)).orElse(null)))
                .add("lastSkip", lastSkip)
                .add("createdAt", job.createdAt())
                .add("updatedAt", job.updatedAt());
        return Values.stale(json, facts.isEmpty());
    }

    /** Only the fields that a client may write, complete: what a merge patch is applied to. */
    static JsonObject writable(Job job) {
        JobSpec spec = job.spec();
        Timing timing = spec.timing();
        return new JsonObject()
                .add("namespace", job.app().namespace().name())
                .add("app", job.app().name())
                .add("name", spec.name())
                .add("comment", spec.comment())
                .add("enabled", spec.enabled())
                .add("schedule", timing.schedule())
                .add("zone", timing.zone())
                .add("category", spec.route().category().word())
                .add("model", spec.route().model().word())
                .add("subjectModel", spec.route().subjectModel().word())
                .add("condition", spec.route().condition().word())
                .add("args", spec.args())
                .add("maxConcurrency", spec.limits().maxConcurrency())
                .add("timeoutSeconds", spec.limits().timeoutSeconds())
                .add("startAt", Values.of(timing.startAt()))
                .add("endAt", Values.of(timing.endAt()))
                .add("misfire", timing.misfire().word())
                .add("misfireMax", timing.misfireMax());
    }

    private Long nextFireAt(Job job) {
        if (!job.live()) {
            return null;
        }
        try {
            long next = job.spec().timing().next(job.spec().timing().parse(zone), clock.millis());
            return next == Schedule.NEVER ? null : next;
        } catch (CronException e) {
            // accepted once: this JDK's zone data no longer knows the zone, and the engine says so too
            LOG.debug("schedule cannot be read", "job", job.path(), "reason", e.getMessage());
            return null;
        }
    }
}
