package io.natsjob.nats;

/** No acknowledgement came: the message may or may not be stored (docs/rules.md 17). */
public final class AckUnknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AckUnknown(String message) {
        super(message, null, false, false);
    }
}
