package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All that can be said of Dameng without a server: its SQL text, its errors, and that its driver takes the address. */
final class DamengDialectTest {
    private final DatabaseAddress address = DatabaseAddress.parse("dm", "dm://SYSDBA:hunter2@127.0.0.1:5236?schema=natsjob");
    private final DamengDialect dialect = new DamengDialect(address, TimeLimits.DEFAULT);

    private static List<String> statements(String database) throws IOException {
        List<String> statements = new ArrayList<>(Scripts.statements(database, 1));
        statements.addAll(Scripts.statements(database, 2));
        statements.addAll(Scripts.statements(database, 3));
        return statements;
    }

    @Test
    void its_driver_takes_the_address() throws SQLException {
        assertTrue(dialect.driver().acceptsURL(address.jdbcUrl()));
        assertEquals("dm", dialect.name());
        assertFalse(dialect.describe().contains("hunter2"));
    }

    @Test
    void every_statement_of_its_script_is_harmless_when_repeated() throws IOException {
        for (String statement : statements("dm")) {
            assertTrue(statement.matches("(?s)CREATE (TABLE|INDEX) IF NOT EXISTS .*|ALTER TABLE \\w+ ADD COLUMN .*|INSERT INTO natsjob_leader .* WHERE NOT EXISTS .*"), statement);
        }
    }

    /** The texts of columns count characters, as those of the others do; its own default counts bytes. */
    @Test
    void its_tables_are_those_of_postgresql() throws IOException {
        List<String> expected = statements("postgres").stream().filter(sql -> !sql.startsWith("INSERT"))
                .map(sql -> sql.replace(" WITH (fillfactor = 60)", "")).toList();
        List<String> tables = statements("dm").stream().filter(sql -> !sql.startsWith("INSERT"))
                .map(sql -> sql.replace(" IF NOT EXISTS", "").replace(" CHAR)", ")").replace("parts CLOB", "parts TEXT")).toList();
        assertEquals(expected, tables);
        assertFalse(String.join("\n", statements("dm")).matches("(?s).*VARCHAR\\([0-9]+\\).*"));
    }

    @Test
    void its_errors_are_told_apart() {
        assertEquals(StoreException.Kind.DUPLICATE, dialect.failure("x", new SQLException("", "", -6602)).kind());
        assertTrue(dialect.failure("x", new SQLException("", "", -6403)).again());
        assertEquals(StoreException.Kind.COMMIT_UNKNOWN, dialect.commitFailure(new SQLException("", "", -6007)).kind());
    }
}
