package io.natsjob.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a page of a list ended, as an opaque text: the numbers of the last row's key behind a version and the list's letter, so
 * that a cursor of another list or another release is refused instead of misread.
 */
final class Cursor {
    private static final char VERSION = '1';
    /** A worker's key, three texts of 64 characters, fits in. */
    static final int MAX_CHARS = 500;

    private Cursor() {}

    static String of(char list, long... key) {
        StringBuilder text = new StringBuilder().append(VERSION).append(list);
        for (long part : key) {
            text.append(':').append(part);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** The same with a text as the key. */
    static String ofText(char list, String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(("" + VERSION + list + ":" + key).getBytes(StandardCharsets.UTF_8));
    }

    /** The text that is the key of this list. */
    static String readText(String cursor, char list) {
        try {
            String text = cursor.length() <= MAX_CHARS ? new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8) : "";
            String head = "" + VERSION + list + ":";
            if (text.startsWith(head)) {
                return text.substring(head.length());
            }
        } catch (IllegalArgumentException e) {
            // not Base64: the same refusal
        }
        throw refused();
    }

    /** The key of this list, of {@code parts} numbers. */
    static long[] read(String cursor, char list, int parts) {
        try {
            if (cursor.length() <= MAX_CHARS) {
                String[] text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII).split(":", -1);
                if (text.length == parts + 1 && text[0].equals("" + VERSION + list)) {
                    long[] key = new long[parts];
                    for (int i = 0; i < parts; i++) {
                        key[i] = Long.parseLong(text[i + 1]);
                    }
                    return key;
                }
            }
        } catch (IllegalArgumentException e) {
            // not Base64 or not numbers: the same refusal
        }
        throw refused();
    }

    private static Refusal refused() {
        return Refusal.field("cursor", "cursor.invalid", "not a cursor of this list: take it from next as it is, or leave it out");
    }
}
