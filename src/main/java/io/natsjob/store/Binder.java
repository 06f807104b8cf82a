package io.natsjob.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Sets the parameters of one row of a batch. */
@FunctionalInterface
interface Binder<T> {
    void bind(PreparedStatement statement, T row) throws SQLException;
}
