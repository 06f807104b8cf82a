package io.natsjob.store;

/** How long a driver may wait, in seconds. The limits of statements and transactions are set by the dialects for each session. */
final class DriverLimits {
    /** Until a connection stands; a URL may say otherwise. */
    static final int CONNECT_SECONDS = 3;
    /** For the next byte of an answer: the last resort against a peer that fell silent, above the limit of a statement. */
    static final int SOCKET_SECONDS = TimeLimits.STATEMENT_SECONDS + 5;

    private DriverLimits() {}
}
