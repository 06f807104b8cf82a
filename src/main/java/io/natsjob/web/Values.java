package io.natsjob.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;

/** JSON values of things that may be absent. */
final class Values {
    private Values() {}

    static JsonValue of(Long number) {
        return number == null ? Json.NULL : Json.value(number);
    }

    /** Null for the empty text too: the database keeps it where there was nothing. */
    static JsonValue of(String text) {
        return text == null || text.isEmpty() ? Json.NULL : Json.value(text);
    }

    /** Says so where {@code null} stands for something that only the leader knows and could not be asked. */
    static JsonObject stale(JsonObject json, boolean stale) {
        return stale ? json.add("stale", true) : json;
    }

    /** An id: text, since JavaScript would round it as a number. */
    static JsonValue id(long id) {
        return Json.value(Long.toString(id));
    }
}
