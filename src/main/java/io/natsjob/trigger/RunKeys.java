package io.natsjob.trigger;

import io.natsjob.cluster.Term;
import io.natsjob.store.Database;
import io.natsjob.store.KeyOwner;
import io.natsjob.store.NewRun;
import io.natsjob.store.RunTable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whose the keys (job, fire time, attempt) of claims are, as the database has them (docs/rules.md 5). */
record RunKeys(Database database, Term term) {
    /** By the id that we wanted for a key: who holds the key. */
    Map<Long, KeyOwner> taken(List<NewRun> rows) {
        record Key(long jobId, long fireAt, int attempt) {}
        Map<Key, KeyOwner> owners = database.read(sql -> RunTable.owners(sql, rows)).stream()
                .collect(Collectors.toMap(owner -> new Key(owner.jobId(), owner.fireAt(), owner.attempt()), owner -> owner));
        return rows.stream().filter(run -> owners.containsKey(new Key(run.jobId(), run.fireAt(), run.attempt())))
                .collect(Collectors.toMap(NewRun::id, run -> owners.get(new Key(run.jobId(), run.fireAt(), run.attempt()))));
    }

    /** The ids of those of the rows that are there and ours. */
    Set<Long> ours(List<NewRun> rows) {
        return mine(taken(rows));
    }

    /** The wanted ids whose key is ours by an earlier try. */
    Set<Long> mine(Map<Long, KeyOwner> taken) {
        Set<Long> mine = new HashSet<>();
        taken.forEach((id, owner) -> {
            if (owner.id() == id && owner.term() == term.number()) {
                mine.add(id);
            }
        });
        return mine;
    }

    static Set<Long> ids(List<NewRun> rows) {
        return rows.stream().map(NewRun::id).collect(Collectors.toSet());
    }
}
