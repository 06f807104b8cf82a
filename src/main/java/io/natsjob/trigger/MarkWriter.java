package io.natsjob.trigger;

import io.natsjob.cluster.Term;
import io.natsjob.store.Database;
import io.natsjob.store.Gap;
import io.natsjob.store.GapTable;
import io.natsjob.store.KeyOwner;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Marks;
import io.natsjob.store.MisfireTable;
import io.natsjob.store.NewRun;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.Settlement;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The transactions that move the marks. Each begins with the fenced update of the marks, so that none of it happens once
 * another server has raised the term (docs/rules.md 2). What dispatch decided is kept here until it is surely written, and is written
 * once: a transaction whose answer was lost is looked up before the next one (docs/rules.md 5). For the claimer's thread.
 */
final class MarkWriter {
    /** Of the tallies that this class writes; the result writers have numbers of their own (docs/rules.md 28). */
    static final int TALLY_WRITER = 0;
    private static final Settlement NOTHING = new Settlement(0, List.of(), List.of());

    /**
     * Where the marks go, and what dispatch decided that is written with them.
     *
     * @param counted fires of recorded jobs up to here were counted where they were not handed on
     */
    private record Move(boolean durable, long claimed, long settled, long counted, Settlement decided) {}

    private final Database database;
    private final Term term;
    private final RunKeys keys;
    private final TreeMap<Long, List<Gap>> waiting = new TreeMap<>();
    private long claimed;
    private long settled;
    private long counted;
    /** No second behind this one has rows. */
    private long newestRow;
    private Settlement unwritten = NOTHING;
    /** Its answer was lost; null when all is known. */
    private Move doubtful;
    /** Gaps or claims to be made up were committed since {@link #takeNews}. */
    private boolean news;

    MarkWriter(Database database, Term term) {
        this.database = database;
        this.term = term;
        this.keys = new RunKeys(database, term);
        this.claimed = term.marks().claimed();
        this.settled = term.marks().settled();
        this.counted = claimed;
        this.newestRow = claimed;
    }

    /** Fires up to here have their row, or were counted. */
    long claimed() {
        return claimed;
    }

    long settled() {
        return settled;
    }

    /** Up to here {@link #passOver} has counted. */
    long counted() {
        return counted;
    }

    /** Takes over what dispatch decided, to be written with the next move of the marks. */
    void decided(Settlement more) {
        unwritten = unwritten.and(more);
        while (!waiting.isEmpty() && waiting.firstKey() <= unwritten.settledUpTo()) {
            List<Gap> covered = waiting.pollFirstEntry().getValue();
            unwritten = unwritten.and(new Settlement(unwritten.settledUpTo(), List.of(), List.of(), List.of(), covered));
        }
    }

    /** Gaps in the fires without a row, to be written together with the settled mark that covers {@code upTo}. */
    void whenSettled(long upTo, List<Gap> gaps) {
        waiting.computeIfAbsent(upTo, at -> new ArrayList<>()).addAll(gaps);
    }

    /** Whether the database has got gaps to evaluate or fires to make up since the last call. */
    boolean takeNews() {
        boolean was = news;
        news = false;
        return was;
    }

    /** The answer of a transaction was lost, and {@link #resolve} did not find it yet. */
    boolean inDoubt() {
        return doubtful != null;
    }

    /** Nothing was decided that has to be written: no tally, no drop, and no run that the settled mark could pass. */
    boolean nothingDecided() {
        return unwritten.isEmpty() && (settled >= newestRow || unwritten.settledUpTo() < newestRow);
    }

    /** A chunk of a second before its last: rows, but no mark yet (docs/rules.md 4). Answers the ids of the rows that are now there and ours. */
    Set<Long> insert(List<NewRun> rows) {
        return insert(rows, new Move(false, claimed, settled, counted, NOTHING), List.of());
    }

    /**
     * The last chunk of a second: the rest of its rows, tallies of fires of that second that get no row, what was decided about
     * earlier fires, and both marks, durably. Answers the ids of the rows that are now there and ours.
     */
    Set<Long> finish(List<NewRun> rows, List<Tally> held, long upTo) {
        newestRow = rows.isEmpty() ? newestRow : Math.max(newestRow, upTo);
        return insert(rows, move(upTo, counted), held);
    }

    /**
     * Leaves what was passed over up to {@code upTo} to be evaluated, removes claims that were never handed on, and moves the marks behind it.
     *
     * @param unsent by the term of the claim
     * @param resumed the pause of everything is over
     */
    void passOver(List<Gap> gaps, Map<Long, List<Long>> unsent, long upTo, boolean resumed) {
        execute(move(Math.max(claimed, upTo), upTo), List.of(), sql -> {
            GapTable.add(sql, gaps);
            unsent.forEach((of, ids) -> RunTable.drop(sql, of, ids));
            if (resumed) {
                PauseTable.remove(sql, PauseTable.ALL);
            }
        });
        news = true;
    }

    /** Tells the database when the next claim is to come, so that no result batch lies long before it then (docs/rules.md 32). */
    void expectNext(long millis) {
        database.claimDueAt(millis);
    }

    void oldestOpen(long id) {
        database.write(Priority.CLAIM, sql -> {
            LeaderTable.oldestOpen(sql, term.number(), id);
            return null;
        });
    }

    /**
     * Finds out what became of a transaction whose answer was lost, by the marks that it was to move. With marks that stay where they are
     * only the refusal of what was made up is written, and with it goes the row of each; else nothing is decided, and the transaction may be
     * repeated. While this throws, the doubt stays.
     *
     * @return where it happened, the ids of those of {@code rows} that are there and ours
     */
    Optional<Set<Long>> resolve(List<NewRun> rows) {
        if (doubtful == null) {
            return Optional.empty();
        }
        Move lost = doubtful;
        // As a write, behind the lost one: a mere read could come before its commit.
        boolean happened = database.write(Priority.CLAIM, sql -> {
            if (!LeaderTable.fence(sql, term.number())) {
                throw new LostTermException(term.number());
            }
            return happened(sql, lost);
        });
        if (happened) {
            Set<Long> ours = keys.ours(rows);
            doubtful = null;
            moved(lost);
            news = true;
            return Optional.of(ours);
        }
        doubtful = null;
        unwritten = lost.decided().and(unwritten);
        return Optional.empty();
    }

    private boolean happened(Sql sql, Move lost) {
        if (lost.claimed() == claimed && lost.settled() == settled) {
            List<Long> drops = lost.decided().drops();
            return !drops.isEmpty() && RunTable.known(sql, drops).isEmpty();
        }
        Marks now = LeaderTable.read(sql);
        return now.claimed() == lost.claimed() && now.settled() == lost.settled();
    }

    private Move move(long claimedTo, long countedTo) {
        return new Move(true, claimedTo, Math.max(settled, unwritten.settledUpTo()), Math.max(counted, countedTo), unwritten);
    }

    private Set<Long> insert(List<NewRun> rows, Move move, List<Tally> held) {
        try {
            claim(rows, move, held);
            return RunKeys.ids(rows);
        } catch (StoreException e) {
            return switch (e.kind()) {
                case DUPLICATE -> insertMissing(rows, move, held);
                case COMMIT_UNKNOWN -> resolve(rows).orElseGet(() -> insertMissing(rows, move, held));
                case UNAVAILABLE, REJECTED -> throw e;
            };
        }
    }

    /** Some keys may be there: mine by an earlier try whose answer was lost, or another's, whose fire it then is (docs/rules.md 5). */
    private Set<Long> insertMissing(List<NewRun> rows, Move move, List<Tally> held) {
        Map<Long, KeyOwner> taken = keys.taken(rows);
        List<NewRun> missing = rows.stream().filter(run -> !taken.containsKey(run.id())).toList();
        claim(missing, move, held);
        Set<Long> ours = keys.mine(taken);
        ours.addAll(RunKeys.ids(missing));
        return ours;
    }

    private void claim(List<NewRun> rows, Move move, List<Tally> held) {
        execute(move, held, sql -> RunTable.insert(sql, term.number(), rows));
    }

    private void execute(Move move, List<Tally> tallies, Consumer<Sql> work) {
        try {
            commit(move, tallies, work);
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.COMMIT_UNKNOWN) {
                doubtful = move;
                unwritten = move.decided() == NOTHING ? unwritten : NOTHING;
            }
            throw e;
        }
        unwritten = move.decided() == NOTHING ? unwritten : NOTHING;
        moved(move);
    }

    private void commit(Move move, List<Tally> tallies, Consumer<Sql> work) {
        if (move.durable()) {
            database.writeDurably(Priority.CLAIM, sql -> transaction(sql, move, tallies, work));
        } else {
            database.write(Priority.CLAIM, sql -> transaction(sql, move, tallies, work));
        }
    }

    private boolean transaction(Sql sql, Move move, List<Tally> tallies, Consumer<Sql> work) {
        if (!LeaderTable.moveMarks(sql, term.number(), move.claimed(), move.settled())) {
            throw new LostTermException(term.number());
        }
        work.accept(sql);
        RunTable.drop(sql, term.number(), move.decided().drops());
        MisfireTable.add(sql, move.decided().again());
        GapTable.add(sql, move.decided().gaps());
        List<Tally> all = new ArrayList<>(tallies);
        all.addAll(move.decided().tallies());
        TallyTable.add(sql, TALLY_WRITER, all);
        return true;
    }

    private void moved(Move move) {
        claimed = move.claimed();
        settled = move.settled();
        counted = move.counted();
        news |= !move.decided().again().isEmpty() || !move.decided().gaps().isEmpty();
    }
}
