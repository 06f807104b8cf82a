package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.util.Map;
import java.util.Set;

/**
 * A request as a handler gets it.
 *
 * @param path    the path parameters, decoded
 * @param session who asks; null on open routes
 */
record Request(Head head, Map<String, String> path, byte[] body, Session session) {
    /** The path parameter {@code id}; text that is no id names nothing, so 404. */
    long id(String what) {
        String text = path.get("id");
        try {
            if (text.matches("[0-9]{1,19}")) {
                return Long.parseLong(text);
            }
        } catch (NumberFormatException e) {
            // over 63 bits: the same answer as for any id that nobody has
        }
        throw Refusal.notFound(what, text);
    }

    /** The query, in which only these parameters may stand: a misspelt filter must not pass silently. */
    Query query(String... known) {
        return Query.parse(head.query(), Set.of(known));
    }

    JsonValue json() {
        return JsonBody.parse(head, body);
    }

    JsonObject object() {
        return JsonBody.object(json());
    }

    /** The body's object, or an empty one where there is no body at all. */
    JsonObject objectOrEmpty() {
        return body.length == 0 ? new JsonObject() : object();
    }
}
