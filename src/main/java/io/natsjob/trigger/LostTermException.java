package io.natsjob.trigger;

/** The term in the database is no longer ours: nothing of the transaction happened, and this server must step down. */
final class LostTermException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostTermException(long term) {
        super("term " + term + " has been raised by another server", null, false, false);
    }
}
