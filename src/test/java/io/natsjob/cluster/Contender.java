package io.natsjob.cluster;

import io.natsjob.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A server that wants to lead, as its lease sees it, with what the lease told it. */
final class Contender implements Lease.Owner {
    final String id;
    final Lease lease;
    final List<String> told = new ArrayList<>();
    OptionalLong term = OptionalLong.of(7);
    int asked;
    /** By the clock of the test. */
    long nextTurnNanos;

    Contender(String id, String database, String lock, LeasePort port, LeaseTimes times, Clock clock) {
        this.id = id;
        this.lease = new Lease(port, new Lease.Self(id, database, lock), times, this, clock);
    }

    boolean leads() {
        return lease.tenure() != null;
    }

    @Override
    public OptionalLong termBefore() {
        asked++;
        return term;
    }

    @Override
    public void changed() {
        told.add(leads() ? "leads" : "leads no longer");
    }

    @Override
    public void otherDatabase(String holder) {
        if (!told.contains("other database of " + holder)) {
            told.add("other database of " + holder);
        }
    }
}
