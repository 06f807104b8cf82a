package io.natsjob.trigger;

import io.natsjob.cluster.Term;
import io.natsjob.job.SkipReason;
import io.natsjob.store.Database;
import io.natsjob.store.KeyOwner;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NewRun;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.Settlement;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The transactions that move the marks. Each begins with the fenced update of the marks, so that none of it happens once
 * another server has raised the term (docs/rules.md 2). For the claimer's thread.
 */
final class MarkWriter {
    /** Of the tallies that this class writes; the result writers have numbers of their own (docs/rules.md 28). */
    private static final int TALLY_WRITER = 0;
    private static final Settlement NOTHING = new Settlement(0, List.of(), List.of());

    /** Where the marks go, and what is written with them. */
    private record Move(boolean durable, long claimed, long settled, Settlement decided) {}

    private final Database database;
    private final Term term;
    
    private long claimed;
    private long settled;

    MarkWriter(Database database, Term term) {
        this.database = database;
        this.term = term;
        this.claimed = term.marks().claimed();
        this.settled = term.marks().settled();
    }

    /** Fires up to here have their row, or were counted. */
    long claimed() {
        return claimed;
    }

    /** A chunk of a second before its last: rows, but no mark yet (docs/rules.md 4). Answers the ids of the rows that are now there and ours. */
    Set<Long> insert(List<NewRun> rows) {
        return insert(rows, new Move(false, claimed, settled, NOTHING));
    }

    /**
     * The last chunk of a second: the rest of its rows, what was decided about earlier fires, and both marks, durably.
     * Answers the ids of the rows that are now there and ours.
     */
    Set<Long> finish(List<NewRun> rows, long upTo, Settlement decided) {
        Move move = new Move(true, upTo, Math.max(settled, Math.min(decided.settledUpTo(), upTo)), decided);
        Set<Long> ours = insert(rows, move);
        moved(move);
        return ours;
    }

    /** Counts what was passed over, removes {@code unsent} claims, and moves the marks behind it. */
    void passOver(List<Tally> missed, List<Long> unsent, long upTo, Settlement decided, SkipReason reason) {
        long to = Math.max(claimed, upTo);
        Move move = new Move(true, to, Math.max(settled, Math.min(decided.settledUpTo(), to)), decided);
        write(move, sql -> {
            RunTable.drop(sql, term.number(), unsent);
            TallyTable.add(sql, TALLY_WRITER, missed);
            if (reason == SkipReason.PAUSED) {
                PauseTable.remove(sql, PauseTable.ALL);
            }
        });
        moved(move);
    }

    void oldestOpen(long id) {
        database.write(Priority.CLAIM, sql -> {
            LeaderTable.oldestOpen(sql, term.number(), id);
            return null;
        });
    }

    private Set<Long> insert(List<NewRun> rows, Move move) {
        try {
            write(move, sql -> RunTable.insert(sql, term.number(), rows));
            return ids(rows);
        } catch (StoreException e) {
            return switch (e.kind()) {
                case DUPLICATE -> insertMissing(taken(rows), rows, move);
                case COMMIT_UNKNOWN -> readBack(rows, move);
                case UNAVAILABLE, REJECTED -> throw e;
            };
        }
    }

    /** Some keys are there: mine by an earlier try whose answer was lost, or another's, whose fire it then is (docs/rules.md 5). */
    private Set<Long> insertMissing(Map<Long, KeyOwner> taken, List<NewRun> rows, Move move) {
        List<NewRun> missing = rows.stream().filter(run -> !taken.containsKey(run.id())).toList();
        write(move, sql -> RunTable.insert(sql, term.number(), missing));
        Set<Long> ours = ids(missing);
        taken.forEach((id, owner) -> {
            if (owner.id() == id && owner.term() == term.number()) {
                ours.add(id);
            }
        });
        return ours;
    }

    /** The commit's answer was lost: rows and marks were one transaction, so one of them tells whether all of it happened. */
    private Set<Long> readBack(List<NewRun> rows, Move move) {
        Map<Long, KeyOwner> taken = taken(rows);
        boolean happened = rows.isEmpty()
                ? database.read(LeaderTable::read).claimed() >= move.claimed() && move.claimed() > claimed
                : taken.entrySet().stream().anyMatch(row -> row.getKey() == row.getValue().id());
        return insertMissing(taken, rows, happened ? new Move(move.durable(), move.claimed(), move.settled(), NOTHING) : move);
    }

    private void write(Move move, Consumer<Sql> work) {
        Function<Sql, Boolean> transaction = sql -> {
            if (!LeaderTable.moveMarks(sql, term.number(), move.claimed(), move.settled())) {
                throw new LostTermException(term.number());
            }
            work.accept(sql);
            RunTable.drop(sql, term.number(), move.decided().drops());
            TallyTable.add(sql, TALLY_WRITER, move.decided().tallies());
            return true;
        };
        if (move.durable()) {
            database.writeDurably(Priority.CLAIM, transaction);
        } else {
            database.write(Priority.CLAIM, transaction);
        }
    }

    private void moved(Move move) {
        claimed = move.claimed();
        settled = move.settled();
    }

    /** By the id that we wanted for a key: who holds the key. */
    private Map<Long, KeyOwner> taken(List<NewRun> rows) {
        record Key(long jobId, long fireAt, int attempt) {}
        Map<Key, KeyOwner> owners = database.read(sql -> RunTable.owners(sql, rows)).stream()
                .collect(Collectors.toMap(owner -> new Key(owner.jobId(), owner.fireAt(), owner.attempt()), owner -> owner));
        return rows.stream().filter(run -> owners.containsKey(new Key(run.jobId(), run.fireAt(), run.attempt())))
                .collect(Collectors.toMap(NewRun::id, run -> owners.get(new Key(run.jobId(), run.fireAt(), run.attempt()))));
    }

    private static Set<Long> ids(List<NewRun> rows) {
        return rows.stream().map(NewRun::id).collect(Collectors.toSet());
    }
}
