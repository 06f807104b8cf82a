package io.natsjob.nats;

/** JetStream answered that it did not store the message: surely not stored. */
public final class PublishRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;

    PublishRefused(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** Of a write that expected a revision: another one stands, or another write is under way. */
    public boolean otherRevision() {
        return code == 10_071 || code == 10_164;
    }

    /** Nobody takes the subject: the stream is missing, or its cluster elects the server that leads it. */
    public boolean streamAway() {
        return code == 503;
    }

    /** JetStream's error code; 503 where no stream takes the subject. */
    public int code() {
        return code;
    }
}
