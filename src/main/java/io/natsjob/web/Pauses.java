package io.natsjob.web;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Namespace;
import io.natsjob.store.NamespaceTable;
import io.natsjob.store.Pause;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Sql;
import java.util.List;
import java.util.TreeSet;

/**
 * What is paused now.
 *
 * @param all        everything
 * @param namespaces names of those that were paused by themselves, sorted
 * @param since      epoch milliseconds at which the longest began, null without any
 */
record Pauses(boolean all, List<String> namespaces, Long since) {
    static Pauses read(Sql sql) {
        boolean all = false;
        Long since = null;
        TreeSet<String> names = new TreeSet<>();
        for (Pause pause : PauseTable.all(sql)) {
            // A pause that is over stays in the table until its fires are counted.
            boolean over = pause.resumedAt() != null;
            if (!over) {
                since = since == null ? pause.pausedAt() : Math.min(since, pause.pausedAt());
            }
            all |= !over && pause.namespaceId() == PauseTable.ALL;
            if (!over && pause.namespaceId() != PauseTable.ALL) {
                NamespaceTable.find(sql, pause.namespaceId()).map(Namespace::name).ifPresent(names::add);
            }
        }
        return new Pauses(all, List.copyOf(names), since);
    }

    JsonObject json() {
        JsonArray list = new JsonArray();
        namespaces.forEach(list::add);
        return new JsonObject().add("all", all).add("namespaces", list);
    }
}
