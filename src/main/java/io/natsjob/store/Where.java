package io.natsjob.store;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** The conditions of a list whose filters are optional, with their parameters. */
final class Where {
    private final StringJoiner conditions = new StringJoiner(" AND ", " WHERE ", " ").setEmptyValue(" ");
    private final List<Object> args = new ArrayList<>();

    Where and(String condition, Object... values) {
        conditions.add(condition);
        args.addAll(List.of(values));
        return this;
    }

    /** Nothing where {@code value} is null. */
    Where ifSet(String condition, Object value) {
        return value == null ? this : and(condition, value);
    }

    /** Nothing where {@code part} is null. */
    Where contains(String column, String part) {
        return part == null ? this : and("LOWER(" + column + ") LIKE LOWER(?) ESCAPE '!'", "%" + part.replaceAll("[!%_]", "!$0") + "%");
    }

    Object[] args(Object... more) {
        List<Object> all = new ArrayList<>(args);
        all.addAll(List.of(more));
        return all.toArray();
    }

    @Override
    public String toString() {
        return conditions.toString();
    }
}
