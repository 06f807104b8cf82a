package io.natsjob.web;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import java.util.List;

/**
 * An error as a client sees it (RFC 9457).
 *
 * @param code    a stable word such as {@code job.stale}
 * @param title   the same for every occurrence of the status
 * @param detail  what happened here and what to do
 * @param errors  faults of fields, may be empty
 * @param current for 409 the object as it stands, else null
 */
record Problem(int status, String code, String title, String detail, List<FieldError> errors, JsonObject current) {
    static final String CONTENT_TYPE = "application/problem+json; charset=utf-8";

    static Problem of(int status, String code, String detail) {
        return new Problem(status, code, titleOf(status), detail, List.of(), null);
    }

    JsonObject json(String requestId) {
        JsonObject json = new JsonObject()
                .add("type", "urn:natsjob:problem:" + code)
                .add("title", title)
                .add("status", status)
                .add("detail", detail)
                .add("code", code)
                .add("requestId", requestId);
        JsonArray list = new JsonArray();
        errors.forEach(e -> list.add(new JsonObject().add("field", e.field()).add("message", e.message())));
        json.add("errors", list);
        if (current != null) {
            json.add("current", current);
        }
        return json;
    }

    static String titleOf(int status) {
        return switch (status) {
            case 400 -> "Bad request";
            case 401 -> "Not logged in";
            case 403 -> "Forbidden";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 409 -> "Conflict";
            case 413 -> "Body too large";
            case 415 -> "Unsupported media type";
            case 503 -> "Unavailable for now";
            default -> "Internal error";
        };
    }
}
