package io.natsjob.cluster;

/**
 * What our servers write beside the id of the leader; an original writes none of it.
 *
 * @param leaseMillis after which others may take over
 * @param database    random id of the database that this leader works on
 * @param lock        of the file that keeps others out of that database; empty where several servers share it
 * @param acquired    revision with which the lease was taken; 0 in that very entry
 */
public record LeaseMark(long leaseMillis, String database, String lock, long acquired) {
    LeaseMark acquiredAt(long revision) {
        return new LeaseMark(leaseMillis, database, lock, revision);
    }

    /** Both are of one database; a copy of a SQLite file is another one, though it carries the same id. */
    boolean sameDatabase(LeaseMark other) {
        return database.equals(other.database) && lock.equals(other.lock);
    }

    /** Whoever wrote {@code other} held the very lock that we hold now: it is gone. */
    boolean provesGone(LeaseMark other) {
        return !lock.isEmpty() && sameDatabase(other);
    }
}
