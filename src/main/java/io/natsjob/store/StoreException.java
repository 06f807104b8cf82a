package io.natsjob.store;

/** The database did not do what it was asked. The message is plain words: what was tried, why it failed, what to do; never a value of a row. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the caller can make of it. */
    public enum Kind {
        /** Nothing happened; the same may succeed later. */
        UNAVAILABLE,
        /** A row with this unique key exists; nothing happened. */
        DUPLICATE,
        /** The database refuses this very statement or value, now and later; nothing happened. */
        REJECTED,
        /** It may or may not have happened: read back before anything else (docs/rules.md 5). */
        COMMIT_UNKNOWN
    }

    /** What a cause of UNAVAILABLE means for those who try again. */
    private enum Hint { NONE, AGAIN, DISK_FULL }

    private final Kind kind;
    private final Hint hint;

    public StoreException(Kind kind, String message) {
        this(kind, message, null);
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        this(kind, message, Hint.NONE, cause);
    }

    private StoreException(Kind kind, String message, Hint hint, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
    }

    /** UNAVAILABLE: the transaction lost against another one, and may well succeed when it is run again at once. */
    static StoreException lostRace(String message, Throwable cause) {
        return new StoreException(Kind.UNAVAILABLE, message, Hint.AGAIN, cause);
    }

    /** UNAVAILABLE: the disk of the database has no room left. */
    public static StoreException diskFull(String message, Throwable cause) {
        return new StoreException(Kind.UNAVAILABLE, message, Hint.DISK_FULL, cause);
    }

    boolean again() {
        return hint == Hint.AGAIN;
    }

    /** Whether it is the full disk of the database that is in the way. */
    public boolean isDiskFull() {
        return hint == Hint.DISK_FULL;
    }

    public Kind kind() {
        return kind;
    }
}
