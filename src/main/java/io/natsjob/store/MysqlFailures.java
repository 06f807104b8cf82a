package io.natsjob.store;

import java.util.Optional;

/** Errors of MySQL and MariaDB by their numbers, which never change; their SQLSTATEs are too coarse. */
final class MysqlFailures {
    private MysqlFailures() {}

    /** Empty for a number that is not known. */
    static Optional<Failure> of(FailurePlace at, int code) {
        Failure failure = switch (code) {
            case 1045, 1698 -> Failure.unavailable("wrong user or password, or " + at.user() + " may not log in from this machine: check "
                    + "NATSJOB_DB_URL, and on the server SHOW GRANTS;"
                    + " a user who must use TLS needs tls=skip-verify or tls=true");
            case 1049 -> Failure.unavailable("there is no database " + at.database() + ": create it with CREATE DATABASE " + at.database()
                    + " CHARACTER SET utf8mb4");
            case 1044, 1142, 1143, 1227, 1370 -> Failure.unavailable("the user lacks a right: GRANT ALL ON " + at.database() + ".* TO " + at.user()
                    + "; if the database is missing, first CREATE DATABASE " + at.database() + " CHARACTER SET utf8mb4");
            case 1129 -> Failure.unavailable("the server blocks this machine after failed logins: FLUSH HOSTS there");
            case 1130 -> Failure.unavailable("no user of the server may log in from this machine: CREATE USER ... @'%' or with its address");
            case 1251, 1275, 2059, 1524 -> Failure.unavailable("the server asks for a way to log in that the driver does not know: give the user "
                    + "caching_sha2_password or mysql_native_password");
            case 1820, 1862 -> Failure.unavailable("the password has expired: ALTER USER ... IDENTIFIED BY ...");
            case 3118, 4151 -> Failure.unavailable("the user is locked: ALTER USER ... ACCOUNT UNLOCK");
            case 3159 -> Failure.unavailable("the server demands TLS: add tls=skip-verify or tls=true (jdbc: sslMode=REQUIRED or VERIFY_IDENTITY)");
            case 1040, 1203, 1226 -> Failure.crowded();
            case 1053, 1077, 1079, 1080 -> Failure.stopping();
            case 1927, 4031 -> Failure.unavailable("the server ended the connection (it stood still, or somebody killed it)");
            case 1290, 1792, 1836, 3989 -> Failure.readOnly(at);
            case 1021, 1114 -> Failure.full();
            case 1205, 1213, 1020 -> Failure.lostRace();
            case 1317, 1969, 3024 -> Failure.slow();
            case 1062, 1586 -> Failure.duplicate();
            case 1406 -> Failure.rejected("a text is longer than its column");
            case 1064, 1115, 1128, 1193, 1235, 1273, 1305 -> Failure.tooOld(at);
            default -> null;
        };
        return Optional.ofNullable(failure);
    }
}
