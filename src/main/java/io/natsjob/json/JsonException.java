package io.natsjob.json;

/** Text that is not the JSON asked for. The message says what was expected and where; it never repeats the input. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int offset;

    JsonException(String message, int offset, Throwable cause) {
        super(message, cause);
        this.offset = offset;
    }

    /** Zero-based offset of the fault: in characters of the text (in bytes for malformed UTF-8), or -1 where there is none. */
    public int offset() {
        return offset;
    }
}
