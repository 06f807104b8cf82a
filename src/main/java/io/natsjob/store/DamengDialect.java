package io.natsjob.store;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Dameng 8. Never run against a server: only its SQL text and the driver's options are checked. It has no limit for a transaction
 * that stands still (docs/rules.md 12), nor a lock for the time in which tables are made: start the first server alone.
 */
final class DamengDialect extends ServerDialect {
    private static final int ROWS_AT_ONCE = 500;

    DamengDialect(DatabaseAddress address, TimeLimits limits) {
        super(address, limits);
    }

    @Override
    public String name() {
        return "dm";
    }

    @Override
    Driver driver() {
        return new dm.jdbc.driver.DmDriver();
    }

    @Override
    int socketTimeout(int millis) {
        return millis;
    }

    @Override
    void prepare(Connection connection, Statement statement, boolean writer) throws SQLException {
        connection.setTransactionIsolation(writer ? Connection.TRANSACTION_READ_COMMITTED : Connection.TRANSACTION_SERIALIZABLE);
    }

    @Override
    public void beginStream(PreparedStatement statement) throws SQLException {
        statement.setFetchSize(ROWS_AT_ONCE);
    }

    @Override
    public String upsert(Upsert upsert) {
        return upsert.merge();
    }

    @Override
    public void alone(Session session, Runnable work) {
        work.run();
    }

    /** How its SYSTIMESTAMP becomes UTC could not be tried. */
    @Override
    String clockQuestion() {
        return null;
    }

    @Override
    boolean lostRace(SQLException error) {
        return error.getErrorCode() == -6403;
    }
}
