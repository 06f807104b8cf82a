package io.natsjob.store;

/** A place of a {@link Pool} and the connection in it, if it has one. Used by one borrower at a time; its fields are guarded by the pool's lock. */
final class Slot {
    private final int number;
    private final Session session;
    private Thread borrower;
    private long borrowedAt;
    private long trustedAt;
    private boolean told;

    Slot(int number, Session session) {
        this.number = number;
        this.session = session;
    }

    /** Its place in the pool, from 0. */
    int number() {
        return number;
    }

    Session session() {
        return session;
    }

    void lend(Thread thread, long nanos) {
        borrower = thread;
        borrowedAt = nanos;
        told = false;
    }

    void takeBack() {
        borrower = null;
    }

    /** Null while it is free. */
    Thread borrower() {
        return borrower;
    }

    long borrowedAt() {
        return borrowedAt;
    }

    /** When its connection was last seen to work, in nanoseconds. */
    long trustedAt() {
        return trustedAt;
    }

    void trust(long nanos) {
        trustedAt = nanos;
    }

    /** True the first time since it was borrowed. */
    boolean tellOnce() {
        boolean first = !told;
        told = true;
        return first;
    }
}
