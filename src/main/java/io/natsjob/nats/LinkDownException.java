package io.natsjob.nats;

/** The link has no connection, or its queue stays full: the message was not sent and never will be. */
public final class LinkDownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LinkDownException(String message) {
        // no stack: thrown once per fire of a whole tick
        super(message, null, false, false);
    }
}
