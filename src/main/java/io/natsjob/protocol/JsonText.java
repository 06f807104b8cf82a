package io.natsjob.protocol;

import java.nio.charset.StandardCharsets;

/** One flat JSON object, written straight into a buffer: a message is built on the path of its fire. One thread. */
final class JsonText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private final StringBuilder out;

    JsonText(int capacity) {
        out = new StringBuilder(capacity).append('{');
    }

    void string(String name, String value) {
        name(name);
        out.append('"');
        escape(value);
        out.append('"');
    }

    void number(String name, long value) {
        name(name);
        out.append(value);
    }

    byte[] end() {
        return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private void name(String name) {
        if (out.length() > 1) {
            out.append(',');
        }
        out.append('"').append(name).append("\":");
    }

    /** Copies runs of ordinary characters at once: most texts have nothing to escape. */
    private void escape(String text) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                out.append(text, from, i);
                escape(c);
                from = i + 1;
            }
        }
        out.append(text, from, text.length());
    }

    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
        }
    }
}
