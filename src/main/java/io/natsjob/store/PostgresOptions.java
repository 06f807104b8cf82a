package io.natsjob.store;

import static io.natsjob.store.OptionRule.agreed;
import static io.natsjob.store.OptionRule.ignored;
import static io.natsjob.store.OptionRule.passed;

import java.util.LinkedHashMap;
import java.util.Map;

/** What reaches PostgreSQL's driver, for PostgreSQL and KingbaseES in its PostgreSQL mode. */
final class PostgresOptions {
    /** By name in lower case. */
    static final Map<String, OptionRule> RULES = OptionRule.table(
            passed("sslmode", "disable, allow, prefer, require, verify-ca, verify-full", "sslmode",
                    OptionValue.matching("disable|allow|prefer|require|verify-ca|verify-full"), "TLS; prefer unless set"),
            passed("ssl", OptionValue.BOOL_WORDS, "sslmode", OptionValue.oneOf(Map.of("true", "verify-full", "false", "disable")), "old name of sslmode"),
            passed("channel_binding", "disable, prefer, require", "channelBinding", OptionValue.matching("disable|prefer|require"),
                    "binds the login to the TLS connection"),
            passed("channelBinding", "disable, prefer, require", "channelBinding", OptionValue.matching("disable|prefer|require"),
                    "binds the login to the TLS connection"),
            passed("connect_timeout", OptionValue.CONNECT_SECONDS_WORDS, "connectTimeout", OptionValue::connectSeconds, "longest wait for a connection"),
            passed("connectTimeout", OptionValue.CONNECT_SECONDS_WORDS, "connectTimeout", OptionValue::connectSeconds, "longest wait for a connection"),
            passed("search_path", "names of schemas, joined by commas", "currentSchema", OptionValue.matching("[\\p{L}\\p{N}_$\", -]{1,256}"),
                    "the schema of natsjob's tables is the first one"),
            passed("currentSchema", "names of schemas, joined by commas", "currentSchema", OptionValue.matching("[\\p{L}\\p{N}_$\", -]{1,256}"),
                    "the schema of natsjob's tables is the first one"),
            passed("application_name", "1..63 printable ASCII characters", "ApplicationName", OptionValue.matching("[ -~]{1,63}"), "natsjob unless set"),
            passed("ApplicationName", "1..63 printable ASCII characters", "ApplicationName", OptionValue.matching("[ -~]{1,63}"), "natsjob unless set"),
            passed("prepareThreshold", "whole number 0..1000", "prepareThreshold", OptionValue.matching("[0-9]{1,3}|1000"),
                    "0 for a proxy that shares connections between transactions"),
            agreed("client_encoding", "UTF8", "utf-?8|auto|unicode", "the connection always speaks UTF-8"),
            agreed("target_session_attrs", "any, read-write, primary", "any|read-write|primary", "of several hosts the writable one is used, always"),
            agreed("targetServerType", "any, primary", "any|primary|master", "of several hosts the writable one is used, always"),
            ignored("TimeZone", "times are stored as whole milliseconds of UTC"),
            ignored("time_zone", "times are stored as whole milliseconds of UTC"),
            ignored("datestyle", "times are stored as whole milliseconds of UTC"),
            ignored("fallback_application_name", "natsjob has its own"),
            ignored("statement_timeout", "natsjob limits every statement itself"),
            ignored("lock_timeout", "natsjob limits every statement itself"),
            ignored("idle_in_transaction_session_timeout", "natsjob limits every transaction itself"),
            ignored("socketTimeout", "natsjob limits every statement itself"),
            ignored("loginTimeout", "connectTimeout counts"),
            ignored("tcpKeepAlive", "always on"),
            ignored("keepalives", "always on"),
            ignored("reWriteBatchedInserts", "always on"),
            ignored("prefer_simple_protocol", "an option of the Go driver"),
            ignored("default_query_exec_mode", "an option of the Go driver"),
            ignored("statement_cache_mode", "an option of the Go driver"),
            ignored("statement_cache_capacity", "an option of the Go driver"),
            ignored("description_cache_capacity", "an option of the Go driver"),
            ignored("pool_max_conns", "an option of the Go driver"));

    private PostgresOptions() {}

    static String jdbcUrl(DatabaseAddress address) {
        return "jdbc:postgresql://" + String.join(",", address.hosts().stream().map(ServerHost::toString).toList()) + "/" + Percent.encode(address.database());
    }

    static Map<String, String> properties(DatabaseAddress address) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("connectTimeout", Integer.toString(DriverLimits.CONNECT_SECONDS));
        all.put("sslmode", "prefer");
        all.put("ApplicationName", "natsjob");
        all.putAll(address.options());
        if (all.get("sslmode").startsWith("verify-")) {
            // Java's trust store instead of a file in the home of the user, so that one place serves all drivers.
            all.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        if (address.hosts().size() > 1) {
            all.put("targetServerType", "primary");
        }
        all.put("socketTimeout", Integer.toString(DriverLimits.SOCKET_SECONDS));
        all.put("tcpKeepAlive", "true");
        all.put("reWriteBatchedInserts", "true");
        // Its detail holds values of rows.
        all.put("logServerErrorDetail", "false");
        return all;
    }
}
