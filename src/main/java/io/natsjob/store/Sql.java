package io.natsjob.store;

import io.natsjob.time.Clock;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs statements on one connection, inside the transaction that {@link Database} began. Parameters are Long, Integer,
 * Boolean (stored as 1 or 0), String and null. Prepared statements are kept, so a statement's text must not hold values.
 * Valid only inside the work it was handed to, on that thread. Every failure is a {@link StoreException}.
 */
public final class Sql {
    /** Rows handed to the driver at once; bounds what it keeps in memory. */
    private static final int BATCH_ROWS = 500;
    private static final int ROWS_PER_CLOCK_LOOK = 256;

    private final Connection connection;
    private final Dialect dialect;
    private final Deadline deadline;
    private final StatementCache statements;
    private final Clock clock;
    private final boolean writer;
    private int largestBatch;

    Sql(Connection connection, Dialect dialect, Deadline deadline, Clock clock, boolean writer) {
        this.connection = connection;
        this.dialect = dialect;
        this.deadline = deadline;
        this.clock = clock;
        this.writer = writer;
        this.statements = new StatementCache(connection);
    }

    private interface Use<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    /** Runs one changing statement; answers the rows it matched. */
    public int update(String sql, Object... args) {
        requireWriter(sql);
        return use(sql, statement -> {
            bind(statement, args);
            return statement.executeUpdate();
        });
    }

    /** Runs one changing statement for each row of parameters; answers the rows each of them matched. */
    public int[] batch(String sql, List<Object[]> rows) {
        return batch(sql, rows, Sql::bind);
    }

    /** As {@link #batch(String, List)} without an array per row: for the hot paths. */
    <T> int[] batch(String sql, List<T> rows, Binder<? super T> binder) {
        requireWriter(sql);
        int[] counts = new int[rows.size()];
        for (int from = 0; from < counts.length; from += BATCH_ROWS) {
            List<T> part = rows.subList(from, Math.min(from + BATCH_ROWS, counts.length));
            int[] some = use(sql, statement -> {
                for (T row : part) {
                    binder.bind(statement, row);
                    statement.addBatch();
                }
                return statement.executeBatch();
            });
            System.arraycopy(some, 0, counts, from, some.length);
        }
        largestBatch = Math.max(largestBatch, counts.length);
        return counts;
    }

    private void requireWriter(String sql) {
        if (!writer) {
            throw new StoreException(StoreException.Kind.REJECTED, "cannot " + Purpose.of(sql) + ": this work only reads");
        }
    }

    /** All rows, in memory: bound the statement by LIMIT or by its nature. */
    public <T> List<T> list(String sql, Function<Row, T> map, Object... args) {
        List<T> found = new ArrayList<>();
        rows(sql, row -> found.add(map.apply(row)), false, args);
        return found;
    }

    /** The only row, or nothing; a second one is a mistake in the statement. */
    public <T> Optional<T> one(String sql, Function<Row, T> map, Object... args) {
        List<T> found = list(sql, map, args);
        if (found.size() > 1) {
            throw new IllegalStateException(found.size() + " rows where one was expected: " + Purpose.of(sql));
        }
        return found.isEmpty() ? Optional.empty() : Optional.ofNullable(found.getFirst());
    }

    /**
     * Hands over one row after the other, none kept. Until the last one is taken no other statement may run: MySQL's driver
     * refuses it.
     */
    public void each(String sql, Consumer<Row> consumer, Object... args) {
        rows(sql, consumer, true, args);
    }

    /** As {@link #update(String, Object...)}: inserts a row, or changes the one that has its key. */
    void upsert(Upsert upsert, Object... args) {
        update(dialect.upsert(upsert), args);
    }

    /** As {@link #batch(String, List)}, without counts, which databases define differently here. */
    <T> void upsertAll(Upsert upsert, List<T> rows, Binder<? super T> binder) {
        batch(dialect.upsert(upsert), rows, binder);
    }

    private void rows(String sql, Consumer<Row> consumer, boolean streaming, Object... args) {
        use(sql, statement -> {
            if (streaming) {
                dialect.beginStream(statement);
            }
            bind(statement, args);
            try (ResultSet rows = statement.executeQuery()) {
                Row row = new Row(rows);
                for (int i = 1; rows.next(); i++) {
                    consumer.accept(row);
                    if (i % ROWS_PER_CLOCK_LOOK == 0) {
                        deadline.beginStatement();
                    }
                }
            }
            if (streaming) {
                dialect.endStream(statement);
            }
            return null;
        });
    }

    /** Whether the database has this table, whatever the case in which it keeps names. */
    boolean tableExists(String name) {
        try {
            DatabaseMetaData meta = connection.getMetaData();
            for (String spelling : List.of(name, name.toUpperCase(Locale.ROOT))) {
                try (ResultSet tables = meta.getTables(connection.getCatalog(), connection.getSchema(), spelling, null)) {
                    while (tables.next()) {
                        if (tables.getString("TABLE_NAME").equalsIgnoreCase(name)) { // in the pattern _ stands for any character
                            return true;
                        }
                    }
                }
            }
            return false;
        } catch (SQLException e) {
            throw dialect.failure("look for table " + name, e);
        }
    }

    /** Whether the table has this column, whatever the case in which the database keeps names. */
    boolean columnExists(String table, String column) {
        try {
            DatabaseMetaData meta = connection.getMetaData();
            for (String spelling : List.of(table, table.toUpperCase(Locale.ROOT))) {
                try (ResultSet columns = meta.getColumns(connection.getCatalog(), connection.getSchema(), spelling, null)) {
                    while (columns.next()) {
                        if (columns.getString("TABLE_NAME").equalsIgnoreCase(table) && columns.getString("COLUMN_NAME").equalsIgnoreCase(column)) {
                            return true;
                        }
                    }
                }
            }
            return false;
        } catch (SQLException e) {
            throw dialect.failure("look for column " + column + " of " + table, e);
        }
    }

    /**
     * Rows of the largest batch since the last call: what {@link BatchPace} divides by. Not of all batches, since the tallies of
     * a transaction belong to the cost of its results.
     */
    int takeLargestBatch() {
        int rows = largestBatch;
        largestBatch = 0;
        return rows;
    }

    Clock clock() {
        return clock;
    }

    /** The statement is out of the cache while in use, so that work on its rows may run the same one again. */
    private <T> T use(String sql, Use<T> use) {
        deadline.beginStatement();
        PreparedStatement statement = null;
        try {
            statement = statements.take(sql);
            T result = use.run(statement);
            statements.giveBack(sql, statement);
            statement = null;
            return result;
        } catch (SQLException e) {
            throw dialect.failure(Purpose.of(sql), e);
        } catch (Row.RowException e) {
            throw dialect.failure(Purpose.of(sql), e.sqlCause());
        } finally {
            StatementCache.drop(statement);
        }
    }

    private static void bind(PreparedStatement statement, Object... args) throws SQLException {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case null -> statement.setNull(i + 1, Types.NULL);
                case Long value -> statement.setLong(i + 1, value);
                case Integer value -> statement.setInt(i + 1, value);
                case Boolean value -> statement.setInt(i + 1, value ? 1 : 0);
                case String value -> statement.setString(i + 1, value);
                default -> throw new IllegalArgumentException("parameter " + (i + 1) + " is a " + args[i].getClass().getName()
                        + ": expected Long, Integer, Boolean, String or null");
            }
        }
    }

    Connection connection() {
        return connection;
    }
}
