package io.natsjob.web;

import io.natsjob.job.App;
import io.natsjob.job.Namespace;
import io.natsjob.store.AppTable;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NamespaceTable;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import io.natsjob.time.Clock;
import io.natsjob.web.Edit.Saved;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The transactions that change namespaces and apps. Each begins with the change number (docs/rules.md 22), which also makes them wait for
 * each other: a parent that is seen living in one stays so until its commit.
 */
final class ParentEdits {
    private final Database database;
    private final Clock clock;

    @FunctionalInterface
    private interface Change {
        Saved make(Sql sql, long changeSeq);
    }

    ParentEdits(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @throws StoreException DUPLICATE where the name or the id is taken */
    Namespace insert(Namespace namespace) {
        return Confirmed.write(database, sql -> {
            long change = LeaderTable.nextChange(sql);
            return NamespaceTable.insert(sql, namespace, change);
        }, sql -> NamespaceTable.find(sql, namespace.id()).filter(namespace::equals));
    }

    /**
     * @throws StoreException DUPLICATE where the name or the id is taken
     * @throws Refusal        where the namespace was deleted since it was looked up
     */
    App insert(App app) {
        return Confirmed.write(database, sql -> {
            long change = LeaderTable.nextChange(sql);
            if (NamespaceTable.find(sql, app.namespace().id()).isEmpty()) {
                throw Refusal.field("namespace", "namespace.unknown", "the namespace was deleted a moment ago");
            }
            return AppTable.insert(sql, app, change);
        }, sql -> AppTable.find(sql, app.id()).filter(there -> there.name().equals(app.name())));
    }

    /** Saves the namespace if it still has the version that {@code changed} carries. */
    Saved update(Namespace changed) {
        return save((sql, change) -> NamespaceTable.update(sql, changed, change) ? Saved.DONE : Saved.STALE,
                sql -> NamespaceTable.find(sql, changed.id()).map(there -> there.version() == changed.version() + 1 && there.updatedAt() == changed.updatedAt()
                        && there.name().equals(changed.name())).orElse(false));
    }

    /** Saves the app if it still has the version that {@code changed} carries. */
    Saved update(App changed) {
        return save((sql, change) -> {
            if (NamespaceTable.find(sql, changed.namespace().id()).isEmpty()) {
                return Saved.PARENT_GONE;
            }
            return AppTable.update(sql, changed, change) ? Saved.DONE : Saved.STALE;
        }, sql -> AppTable.find(sql, changed.id()).map(there -> there.version() == changed.version() + 1 && there.updatedAt() == changed.updatedAt()
                && there.name().equals(changed.name())).orElse(false));
    }

    /** With its apps and jobs. False where there is no such namespace. */
    boolean deleteNamespace(long id) {
        return Confirmed.write(database, sql -> {
            long change = LeaderTable.nextChange(sql);
            return NamespaceTable.delete(sql, id, clock.millis(), change);
        }, sql -> NamespaceTable.find(sql, id).isEmpty() ? Optional.of(true) : Optional.empty());
    }

    /** With its jobs. False where there is no such app. */
    boolean deleteApp(long id) {
        return Confirmed.write(database, sql -> {
            long change = LeaderTable.nextChange(sql);
            // One of a deleted namespace is deleted with it.
            return AppTable.find(sql, id).isPresent() && AppTable.delete(sql, id, clock.millis(), change);
        }, sql -> AppTable.find(sql, id).isEmpty() ? Optional.of(true) : Optional.empty());
    }

    /** @param done whether the database shows the change, where its commit was not answered */
    private Saved save(Change change, Predicate<Sql> done) {
        try {
            return Confirmed.write(database, sql -> change.make(sql, LeaderTable.nextChange(sql)),
                    sql -> done.test(sql) ? Optional.of(Saved.DONE) : Optional.empty());
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.DUPLICATE) {
                return Saved.NAME_TAKEN;
            }
            throw e;
        }
    }
}
