package io.natsjob.web;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.util.List;
import java.util.function.Function;

/**
 * Which part of a list is asked for.
 *
 * @param limit  rows, 1 to {@value #MAX_LIMIT}
 * @param cursor from the page before, or null
 */
record Page(int limit, String cursor) {
    static final int DEFAULT_LIMIT = 50;
    static final int MAX_LIMIT = 200;

    static Page of(Query query) {
        Long limit = query.number("limit", 1, MAX_LIMIT);
        return new Page(limit == null ? DEFAULT_LIMIT : limit.intValue(), query.text("cursor", Cursor.MAX_CHARS));
    }

    /** The key after which to go on, or {@code first} where there is no cursor. */
    long after(char list, long first) {
        return cursor == null ? first : Cursor.read(cursor, list, 1)[0];
    }

    /** Rows to read: one more than to show, which tells whether there is a next page. */
    int rows() {
        return limit + 1;
    }

    /** The page of up to {@link #rows()} rows. */
    <T> JsonObject answer(List<T> rows, Function<T, ? extends JsonValue> view, Function<T, String> cursorOf) {
        List<T> shown = rows.size() > limit ? rows.subList(0, limit) : rows;
        JsonArray items = new JsonArray();
        shown.forEach(row -> items.add(view.apply(row)));
        return new JsonObject().add("items", items).add("next", rows.size() > limit ? cursorOf.apply(shown.getLast()) : null);
    }
}
