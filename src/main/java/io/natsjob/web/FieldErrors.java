package io.natsjob.web;

import java.util.ArrayList;
import java.util.List;

/** Gathers the faults of a request, so that its sender learns all of them at once; at most {@value #MAX}, further ones are dropped. */
final class FieldErrors {
    static final int MAX = 100;

    private final List<FieldError> errors = new ArrayList<>();

    void add(String field, String code, String message) {
        if (errors.size() < MAX) {
            errors.add(new FieldError(field, code, message));
        }
    }

    void invalid(String field, String message) {
        add(field, FieldError.INVALID, message);
    }

    boolean has(String field) {
        return errors.stream().anyMatch(e -> e.field().equals(field));
    }

    List<FieldError> list() {
        return List.copyOf(errors);
    }

    /** Refuses the request with 400 where anything was found. */
    void refuseIfAny() {
        if (!errors.isEmpty()) {
            throw Refusal.fields(list());
        }
    }
}
