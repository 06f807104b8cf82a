package io.natsjob.trigger;

import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.job.Fire;
import io.natsjob.job.RunTrigger;
import io.natsjob.store.StoredOpenRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The claims of former leaders that were surely not sent: by the claimed mark, since a second is handed on only after it (docs/rules.md 4),
 * or by their time, which is this leader's (docs/rules.md 10). Filled before the leader starts, only read afterwards.
 */
public final class Inherited {
    /** What a leader owes to a run that it finds open. */
    public enum Kind {
        /** It lies ahead: to be sent at its time. */
        AHEAD,
        /** Its second was not claimed to the end: its row goes, and the fire is claimed anew or counted. */
        HALF_CLAIMED,
        /** The former leader may have sent it. */
        UNSETTLED,
        /** The former leader sent it. */
        SENT
    }

    /**
     * A run that makes up a missed fire was sent within this time after its claim, or refused: on a JetStream subject it may wait 30 s
     * for the window and 90 s for an acknowledgement.
     */
    private static final long MADE_UP_MILLIS = 120_000;

    private final Term term;
    private final Map<Long, List<Fire>> ahead = new HashMap<>();
    private final Map<Long, List<Long>> halfClaimed = new HashMap<>();

    public Inherited(Term term) {
        this.term = term;
    }

    /**
     * Takes in a run of the database. One {@link Kind#AHEAD} whose job no longer fires then is not kept, but left to its
     * deadline by the caller (docs/rules.md 6).
     *
     * @param fire as it is to be sent, null where its job no longer fires at that time
     */
    public Kind add(StoredOpenRun row, Fire fire) {
        Kind kind = kind(row);
        if (kind == Kind.HALF_CLAIMED) {
            halfClaimed.computeIfAbsent(row.term(), of -> new ArrayList<>()).add(row.id());
        } else if (kind == Kind.AHEAD && fire != null) {
            ahead.computeIfAbsent(row.fireAt(), second -> new ArrayList<>()).add(fire);
        }
        return kind;
    }

    /** Claims to be sent at {@code fireAt}. */
    List<Fire> at(long fireAt) {
        return ahead.getOrDefault(fireAt, List.of());
    }

    /** The seconds in (after, upTo] that have claims to be sent. */
    List<Long> seconds(long after, long upTo) {
        return ahead.keySet().stream().filter(second -> second > after && second <= upTo).sorted().toList();
    }

    /** Run ids by the term of their claim. */
    Map<Long, List<Long>> halfClaimed() {
        return halfClaimed;
    }

    /** How many are to be sent. */
    public int ahead() {
        return ahead.values().stream().mapToInt(List::size).sum();
    }

    private Kind kind(StoredOpenRun row) {
        boolean byCron = row.trigger() == RunTrigger.CRON;
        if (byCron && row.fireAt() > term.left().claimed()) {
            return Kind.HALF_CLAIMED;
        }
        if (row.trigger() == RunTrigger.MISFIRE) {
            // Sent at once, whatever its nominal time is.
            return RunIds.millis(row.id()) <= term.left().settled() - MADE_UP_MILLIS ? Kind.SENT : Kind.UNSETTLED;
        }
        if (row.fireAt() <= term.left().settled()) {
            return Kind.SENT;
        }
        return byCron && row.fireAt() > term.takenAt() ? Kind.AHEAD : Kind.UNSETTLED;
    }
}
