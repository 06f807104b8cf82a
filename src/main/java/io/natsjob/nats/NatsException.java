package io.natsjob.nats;

/** A request to NATS that did not succeed, in plain words. */
public final class NatsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is known of the request. */
    public enum Kind {
        /** Not sent. */
        NOT_CONNECTED,
        /** No answer within the limit: it may or may not have been done. */
        NO_ANSWER,
        /** Not done: JetStream said why. */
        REFUSED
    }

    private final Kind kind;
    private final int code;

    NatsException(Kind kind, int code, String message) {
        super(message);
        this.kind = kind;
        this.code = code;
    }

    public Kind kind() {
        return kind;
    }

    /** JetStream's error code where it refused, else 0. */
    public int code() {
        return code;
    }
}
