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

    private final Kind kind;
    private final boolean again;

    public StoreException(Kind kind, String message) {
        this(kind, message, null);
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        this(kind, message, false, cause);
    }

    private StoreException(Kind kind, String message, boolean again, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.again = again;
    }

    /** UNAVAILABLE: the transaction lost against another one, and may well succeed when it is run again at once. */
    static StoreException lostRace(String message, Throwable cause) {
        return new StoreException(Kind.UNAVAILABLE, message, true, cause);
    }

    boolean again() {
        return again;
    }

    public Kind kind() {
        return kind;
    }
}
