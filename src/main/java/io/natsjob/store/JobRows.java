package io.natsjob.store;

import io.natsjob.job.App;
import io.natsjob.job.Category;
import io.natsjob.job.Condition;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Limits;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.Namespace;
import io.natsjob.job.Route;
import io.natsjob.job.SubjectModel;
import io.natsjob.job.Timing;
import io.natsjob.job.Word;
import java.util.HashMap;
import java.util.Map;

/** Turns rows into jobs; all jobs made by one of these share the objects of their app and namespace. */
final class JobRows {
    static final String COLUMNS = """
            j.id, j.version, j.name, j.note, j.enabled, j.cron_text, j.zone_name, j.anchor_at, j.start_at, j.end_at, j.misfire, j.misfire_max,
            j.category, j.model, j.subject_model, j.worker_choice, j.max_concurrency, j.timeout_seconds, j.args, j.created_at, j.updated_at,
            a.id, a.version, a.name, a.note, a.enabled, a.created_at, a.updated_at,
            n.id, n.version, n.name, n.note, n.enabled, n.created_at, n.updated_at, a.enabled_at, n.enabled_at
            """;
    static final String FROM = " FROM natsjob_job j JOIN natsjob_app a ON a.id = j.app_id JOIN natsjob_namespace n ON n.id = a.namespace_id ";
    /** Columns behind {@link #COLUMNS} start here. */
    static final int NEXT = 38;
    private static final int APP = 22;
    private static final int NAMESPACE = 29;
    private static final int PARENTS_ENABLED = 36;

    private final Map<Long, App> apps = new HashMap<>();
    private final Map<Long, Namespace> namespaces = new HashMap<>();

    Job job(Row row) {
        Timing timing = new Timing(row.text(6), row.text(7), anchor(row), row.longOrNull(9), row.longOrNull(10),
                Word.stored(Misfire.class, row.text(11)), row.intAt(12));
        Route route = new Route(Word.stored(Category.class, row.text(13)), Word.stored(Model.class, row.text(14)),
                Word.stored(SubjectModel.class, row.text(15)), Word.stored(Condition.class, row.text(16)));
        JobSpec spec = new JobSpec(row.text(3), row.text(4), row.flag(5), timing, route, new Limits(row.intAt(17), row.intAt(18)), row.text(19));
        return new Job(row.longAt(1), row.longAt(2), app(row), spec, row.longAt(20), row.longAt(21));
    }

    /** While its app or its namespace was disabled the job had no fires, as if it had been disabled itself. */
    private static long anchor(Row row) {
        return Math.max(row.longAt(8), Math.max(row.longAt(PARENTS_ENABLED), row.longAt(PARENTS_ENABLED + 1)));
    }

    private App app(Row row) {
        App known = apps.get(row.longAt(APP));
        if (known != null) {
            return known;
        }
        App app = new App(row.longAt(APP), row.longAt(APP + 1), namespace(row), row.text(APP + 2), row.text(APP + 3), row.flag(APP + 4),
                row.longAt(APP + 5), row.longAt(APP + 6));
        apps.put(app.id(), app);
        return app;
    }

    private Namespace namespace(Row row) {
        Namespace known = namespaces.get(row.longAt(NAMESPACE));
        if (known != null) {
            return known;
        }
        Namespace namespace = NamespaceTable.namespace(row, NAMESPACE);
        namespaces.put(namespace.id(), namespace);
        return namespace;
    }
}
