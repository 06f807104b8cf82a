package io.natsjob.store;

import io.natsjob.job.App;
import io.natsjob.job.Namespace;

/** What a first start finds: the default namespace and in it the default app. */
final class Seed {
    /** Far below the ids made from the time, so they never meet. */
    private static final long FIRST_ID = 1;

    private Seed() {}

    static boolean plant(Sql sql) {
        if (planted(sql)) {
            return false;
        }
        OriginalTables.expectImport(sql);
        long now = sql.clock().millis();
        long change = LeaderTable.nextChange(sql);
        Namespace namespace = NamespaceTable.insert(sql, new Namespace(FIRST_ID, 1, Namespace.DEFAULT, "", true, now, now), change);
        AppTable.insert(sql, new App(FIRST_ID, 1, namespace, App.DEFAULT, "", true, now, now), change);
        return true;
    }

    /** Whether there was a first start. */
    static boolean planted(Sql sql) {
        return !sql.list("SELECT id FROM natsjob_namespace WHERE id = ?", row -> row.longAt(1), FIRST_ID).isEmpty();
    }
}
