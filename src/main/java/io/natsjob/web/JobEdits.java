package io.natsjob.web;

import io.natsjob.job.App;
import io.natsjob.job.Job;
import io.natsjob.store.AppTable;
import io.natsjob.store.Database;
import io.natsjob.store.JobFilter;
import io.natsjob.store.JobTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NamespaceTable;
import io.natsjob.store.StoreException;
import io.natsjob.time.Clock;
import io.natsjob.web.Edit.Saved;
import java.util.List;
import java.util.Optional;

/** The transactions that change jobs, and what they need to know first. Each begins with the change number (docs/rules.md 22). */
final class JobEdits {
    private final Database database;
    private final Clock clock;

    record Parents(boolean namespaceExists, Optional<App> app) {}

    JobEdits(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    Job find(long id) {
        return database.read(sql -> JobTable.find(sql, id)).orElseThrow(() -> Refusal.notFound("job", Long.toString(id)));
    }

    Parents parents(String namespace, String app) {
        return database.read(sql -> new Parents(NamespaceTable.findByName(sql, namespace).isPresent(),
                AppTable.findByName(sql, namespace, app)));
    }

    /** The living job of this name. Looks through those whose names contain it, so it is for the rare refusal only. */
    Optional<Job> named(App app, String name) {
        JobFilter alike = new JobFilter(app.namespace().name(), app.name(), name, null, null, null);
        return database.read(sql -> {
            List<Job> page = List.of();
            do {
                page = JobTable.page(sql, alike, page.isEmpty() ? 0 : page.getLast().id(), Page.MAX_LIMIT);
                Optional<Job> holder = page.stream().filter(job -> job.name().equals(name)).findFirst();
                if (holder.isPresent()) {
                    return holder;
                }
            } while (!page.isEmpty());
            return Optional.empty();
        });
    }

    /**
     * @throws StoreException DUPLICATE where the name or the id is taken
     * @throws Refusal        where the app was deleted since it was looked up
     */
    Job insert(Job job) {
        return Confirmed.write(database, sql -> {
            long change = LeaderTable.nextChange(sql);
            if (AppTable.find(sql, job.app().id()).isEmpty()) {
                throw Refusal.field("app", "app.unknown", "the app was deleted a moment ago");
            }
            return JobTable.insert(sql, job, change);
        }, sql -> JobTable.find(sql, job.id()).filter(there -> there.name().equals(job.name())).map(there -> job));
    }

    /** Saves the job if it still has the version that {@code changed} carries. */
    Saved update(Job changed) {
        try {
            return Confirmed.write(database, sql -> {
                long change = LeaderTable.nextChange(sql);
                if (AppTable.find(sql, changed.app().id()).isEmpty()) {
                    return Saved.PARENT_GONE;
                }
                return JobTable.update(sql, changed, changed.version(), change) ? Saved.DONE : Saved.STALE;
            }, sql -> JobTable.find(sql, changed.id()).filter(there -> isNow(changed, there)).map(there -> Saved.DONE));
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.DUPLICATE) {
                return Saved.NAME_TAKEN;
            }
            throw e;
        }
    }

    private static boolean isNow(Job changed, Job there) {
        return there.version() == changed.version() + 1 && there.updatedAt() == changed.updatedAt() && there.spec().equals(changed.spec())
                && there.app().id() == changed.app().id();
    }

    /** False where there is no such job. */
    boolean delete(long id) {
        return Confirmed.write(database, sql -> {
            long change = LeaderTable.nextChange(sql);
            // One of a deleted app or namespace is deleted with it.
            return JobTable.find(sql, id).isPresent() && JobTable.delete(sql, id, clock.millis(), change);
        }, sql -> JobTable.find(sql, id).isEmpty() ? Optional.of(true) : Optional.empty());
    }
}
