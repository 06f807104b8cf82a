package io.natsjob.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/** The row at hand of a result. Valid inside the function it was given to only. Columns count from 1. */
public final class Row {
    private final ResultSet rows;

    Row(ResultSet rows) {
        this.rows = rows;
    }

    private interface Getter<T> {
        T get() throws SQLException;
    }

    public long longAt(int column) {
        return get(() -> rows.getLong(column));
    }

    public long longAt(String column) {
        return get(() -> rows.getLong(column));
    }

    /** Null where the column is NULL. */
    public Long longOrNull(int column) {
        return get(() -> {
            long value = rows.getLong(column);
            return rows.wasNull() ? null : Long.valueOf(value);
        });
    }

    /** Null where the column is NULL. */
    public Long longOrNull(String column) {
        return longOrNull(columnOf(column));
    }

    public int intAt(int column) {
        return get(() -> rows.getInt(column));
    }

    public int intAt(String column) {
        return get(() -> rows.getInt(column));
    }

    /** Null where the column is NULL. */
    public String text(int column) {
        return get(() -> rows.getString(column));
    }

    /** Null where the column is NULL. */
    public String text(String column) {
        return get(() -> rows.getString(column));
    }

    public boolean flag(int column) {
        return intAt(column) != 0;
    }

    public boolean flag(String column) {
        return intAt(column) != 0;
    }

    private int columnOf(String column) {
        return get(() -> rows.findColumn(column));
    }

    private <T> T get(Getter<T> getter) {
        try {
            return getter.get();
        } catch (SQLException e) {
            throw new RowException(e);
        }
    }

    /** Carries a driver's error out of the caller's function to {@link Sql}, which knows the statement. */
    static final class RowException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RowException(SQLException cause) {
            super(cause);
        }

        SQLException sqlCause() {
            return (SQLException) getCause();
        }
    }
}
