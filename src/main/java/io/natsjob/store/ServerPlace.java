package io.natsjob.store;

import java.util.Properties;

/**
 * Where a database server is, and as whom to log in.
 *
 * @param url     for the JDBC driver, without options
 * @param options for the JDBC driver, login included
 * @param shown   host, port and database, for people; never a password
 */
record ServerPlace(String url, Properties options, String shown) {
    @Override
    public String toString() {
        return shown;
    }
}
