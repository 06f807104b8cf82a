package io.natsjob.config;

/** A value that does not have the allowed form. The message says why in words that hold nothing of the value. */
final class BadValue extends Exception {
    private static final long serialVersionUID = 1L;

    BadValue(String reason) {
        super(reason);
    }
}
