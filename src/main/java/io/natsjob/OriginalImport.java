package io.natsjob;

import io.natsjob.job.App;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Names;
import io.natsjob.job.Namespace;
import io.natsjob.job.Texts;
import io.natsjob.log.Log;
import io.natsjob.store.AppTable;
import io.natsjob.store.Database;
import io.natsjob.store.JobTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NamespaceTable;
import io.natsjob.store.OriginalJob;
import io.natsjob.store.OriginalParent;
import io.natsjob.store.OriginalTables;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Takes over namespaces, apps and jobs of an original natsjob that lie in the same database: once, at the first start, in one
 * transaction; or tells what it would take over. The original's tables are only read; its results are not taken.
 */
final class OriginalImport {
    private static final int PAGE = 500;
    static final String BAD_NAME = "the name is not of the form " + Names.FORM;
    private static final int ID_SHIFT = 20;
    private static final Log LOG = Log.of("import");

    /** Where the rows go. */
    private interface Target {
        Namespace add(Namespace namespace);

        App add(App app);

        void add(Job job);
    }

    private final Sql sql;
    private final ZoneId zone;
    private final long now;
    private final Target target;
    private final ImportReport report = new ImportReport();
    private final Map<Long, Namespace> namespaces = new HashMap<>();
    private final Map<Long, App> apps = new HashMap<>();
    private final Map<String, Namespace> namespacesByName = new HashMap<>();
    private final Map<String, App> appsByPath = new HashMap<>();
    private final Map<Long, Set<String>> jobNames = new HashMap<>();
    /** Those with a bad name, and what lies in them, by the original's id: their jobs are told one by one. */
    private final Map<Long, String> refusedNamespaces = new HashMap<>();
    private final Map<Long, String> refusedApps = new HashMap<>();
    private long freshId;

    private OriginalImport(Sql sql, ZoneId zone, long now, App seeded, Target target) {
        this.sql = sql;
        this.zone = zone;
        this.now = now;
        this.target = target;
        this.freshId = now << ID_SHIFT;
        namespacesByName.put(seeded.namespace().name(), seeded.namespace());
        appsByPath.put(path(seeded), seeded);
    }

    /**
     * Imports if this is the first start and there is something to import.
     *
     * @param zone of the original's times without an offset
     * @return the lines of the report, which also stand in the log; none where nothing was to be done
     */
    static List<String> once(Database database, ZoneId zone, long now) {
        List<String> lines = database.write(Priority.EDIT, sql -> {
            boolean present = OriginalTables.present(sql);
            if (!OriginalTables.take(sql, present ? OriginalTables.State.IMPORTED : OriginalTables.State.OVER) || !present) {
                return List.of();
            }
            App seeded = AppTable.findByName(sql, Namespace.DEFAULT, App.DEFAULT).orElseThrow();
            return new OriginalImport(sql, zone, now, seeded, rows(sql)).run();
        });
        if (!lines.isEmpty()) {
            LOG.info("the jobs of an original natsjob in this database were imported, its tables were not touched");
            lines.forEach(LOG::info);
        } else if (database.read(sql -> OriginalTables.state(sql) == OriginalTables.State.OVER && OriginalTables.present(sql))) {
            LOG.warn("tables of an original natsjob came into this database after its first start: they are not imported");
        }
        return lines;
    }

    /** The report of an import of what {@code sql} reads, as a first start would do it. */
    static List<String> preview(Sql sql, ZoneId zone, long now) {
        App seeded = new App(1, 1, new Namespace(1, 1, Namespace.DEFAULT, "", true, now, now), App.DEFAULT, "", true, now, now);
        return new OriginalImport(sql, zone, now, seeded, nowhere()).run();
    }

    private static Target rows(Sql sql) {
        long change = LeaderTable.nextChange(sql);
        return new Target() {
            @Override
            public Namespace add(Namespace namespace) {
                return NamespaceTable.insert(sql, namespace, change);
            }

            @Override
            public App add(App app) {
                return AppTable.insert(sql, app, change);
            }

            @Override
            public void add(Job job) {
                JobTable.insert(sql, job, change);
            }
        };
    }

    private static Target nowhere() {
        return new Target() {
            @Override
            public Namespace add(Namespace namespace) {
                return namespace;
            }

            @Override
            public App add(App app) {
                return app;
            }

            @Override
            public void add(Job job) {
                // only told
            }
        };
    }

    private List<String> run() {
        pages(after -> OriginalTables.namespaces(sql, after, PAGE), OriginalParent::id, this::namespace);
        pages(after -> OriginalTables.apps(sql, after, PAGE), OriginalParent::id, this::app);
        pages(after -> OriginalTables.jobs(sql, after, PAGE), OriginalJob::id, this::job);
        return report.lines();
    }

    private static <T> void pages(Function<Long, List<T>> page, ToLongFunction<T> id, Consumer<T> each) {
        List<T> rows = page.apply(Long.MIN_VALUE);
        while (!rows.isEmpty()) {
            rows.forEach(each);
            rows = page.apply(id.applyAsLong(rows.getLast()));
        }
    }

    private void namespace(OriginalParent from) {
        if (from.deleted()) {
            report.deleted();
        } else if (!Names.valid(from.name())) {
            refusedNamespaces.put(from.id(), from.name());
            report.refused("namespace " + from.name(), BAD_NAME);
        } else {
            Namespace there = namespacesByName.get(from.name());
            Namespace namespace = there != null ? there
                    : target.add(new Namespace(id(from.id()), 1, from.name(), comment(from), true, at(from.createdAt()), at(from.updatedAt())));
            namespaces.put(from.id(), namespace);
            namespacesByName.put(from.name(), namespace);
            report.namespace(from.name(), there != null);
        }
    }

    private void app(OriginalParent from) {
        Namespace namespace = namespaces.get(from.namespaceId());
        if (from.deleted()) {
            report.deleted();
        } else if (refusedNamespaces.containsKey(from.namespaceId())) {
            refuseApp(from, refusedNamespaces.get(from.namespaceId()) + "/" + from.name(), "its namespace is not");
        } else if (namespace == null) {
            report.deleted();
        } else if (!Names.valid(from.name())) {
            refuseApp(from, namespace.name() + "/" + from.name(), BAD_NAME);
        } else {
            String path = namespace.name() + "/" + from.name();
            App there = appsByPath.get(path);
            App app = there != null ? there
                    : target.add(new App(id(from.id()), 1, namespace, from.name(), comment(from), true, at(from.createdAt()), at(from.updatedAt())));
            apps.put(from.id(), app);
            appsByPath.put(path, app);
            report.app(path, there != null);
        }
    }

    private void refuseApp(OriginalParent from, String path, String why) {
        refusedApps.put(from.id(), path);
        report.refused("app " + path, why);
    }

    private void job(OriginalJob from) {
        App app = apps.get(from.appId());
        if (from.deleted()) {
            report.deleted();
        } else if (refusedApps.containsKey(from.appId())) {
            report.refused("job " + refusedApps.get(from.appId()) + "/" + from.name(), "its app is not");
        } else if (app == null) {
            report.deleted();
        } else {
            convert(from, app);
        }
    }

    private void convert(OriginalJob from, App app) {
        String path = path(app) + "/" + from.name();
        JobConversion converted = new JobConversion(from, zone, now);
        if (converted.refusal().isPresent()) {
            report.refused("job " + path, converted.refusal().get());
        } else if (!jobNames.computeIfAbsent(app.id(), key -> new HashSet<>()).add(from.name())) {
            report.refused("job " + path, "another job of this name was imported before it");
        } else {
            target.add(new Job(id(from.id()), 1, app, converted.spec(), at(from.times().createdAt()), at(from.times().updatedAt())));
            report.job(path, converted);
        }
    }

    /** The original's, so that who has noted one finds it again; 1 is our own default namespace's and app's. */
    private long id(long original) {
        return original > 1 ? original : freshId++;
    }

    private static String comment(OriginalParent from) {
        return Texts.kept(from.comment(), JobSpec.MAX_TEXT);
    }

    /** When it was made is for people only: a time that cannot be read becomes that of the import. */
    private long at(String text) {
        try {
            Long millis = OriginalTime.parse(text, zone);
            return millis == null ? now : millis;
        } catch (DateTimeException e) {
            return now;
        }
    }

    private static String path(App app) {
        return app.namespace().name() + "/" + app.name();
    }
}
