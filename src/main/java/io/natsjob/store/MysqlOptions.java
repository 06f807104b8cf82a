package io.natsjob.store;

import static io.natsjob.store.OptionRule.agreed;
import static io.natsjob.store.OptionRule.ignored;
import static io.natsjob.store.OptionRule.passed;

import java.util.LinkedHashMap;
import java.util.Map;

/** What reaches MySQL's driver, for MySQL and MariaDB. */
final class MysqlOptions {
    /** By name in lower case. The first ones are those of Go's driver. */
    static final Map<String, OptionRule> RULES = OptionRule.table(
            agreed("charset", "utf8mb4, utf8", "utf8(mb[34])?(,utf8(mb[34])?)*", "the connection always speaks utf8mb4"),
            agreed("collation", "utf8mb4_...", "utf8mb4_[a-z0-9_]{1,60}", "the tables name their own"),
            ignored("parseTime", "times are stored as whole milliseconds of UTC"),
            ignored("loc", "times are stored as whole milliseconds of UTC; at an import it is the zone of the original's times"),
            ignored("time_zone", "times are stored as whole milliseconds of UTC"),
            ignored("timeTruncate", "times are stored as whole milliseconds of UTC"),
            passed("tls", "true, false, skip-verify, preferred", "sslMode",
                    OptionValue.oneOf(Map.of("true", "VERIFY_IDENTITY", "1", "VERIFY_IDENTITY", "false", "DISABLED", "0", "DISABLED",
                            "skip-verify", "REQUIRED", "preferred", "PREFERRED")), "as in Go: true checks certificate and host name"),
            passed("timeout", "a duration up to 60s, such as 10s", "connectTimeout", OptionValue::goDuration, "longest wait for a connection"),
            ignored("readTimeout", "natsjob limits every statement itself"),
            ignored("writeTimeout", "natsjob limits every statement itself"),
            passed("compress", OptionValue.BOOL_WORDS, "useCompression", OptionValue::bool, "for slow networks"),
            ignored("allowNativePasswords", "the login that the user has in the server is used"),
            ignored("checkConnLiveness", "the pool checks its connections"),
            ignored("clientFoundRows", "rows that match are counted, always"),
            ignored("columnsWithAlias", "natsjob's own statements need none of it"),
            ignored("interpolateParams", "values are always put in by the client"),
            ignored("maxAllowedPacket", "the server's own limit counts"),
            ignored("multiStatements", "one statement at a time, always"),
            ignored("rejectReadOnly", "a server that is read-only is refused, always"),
            passed("sslMode", "DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY", "sslMode",
                    OptionValue.oneOf(Map.of("disabled", "DISABLED", "preferred", "PREFERRED", "required", "REQUIRED", "verify_ca", "VERIFY_CA",
                            "verify_identity", "VERIFY_IDENTITY")), "TLS; PREFERRED unless set"),
            passed("useSSL", OptionValue.BOOL_WORDS, "sslMode", OptionValue.oneOf(Map.of("true", "REQUIRED", "false", "DISABLED")), "old name of sslMode"),
            passed("allowPublicKeyRetrieval", OptionValue.BOOL_WORDS, "allowPublicKeyRetrieval", OptionValue::bool,
                    "how a password travels without TLS; see below"),
            passed("connectTimeout", OptionValue.CONNECT_MILLIS_WORDS, "connectTimeout", OptionValue::connectMillis, "longest wait for a connection"),
            passed("useCompression", OptionValue.BOOL_WORDS, "useCompression", OptionValue::bool, "for slow networks"),
            agreed("characterEncoding", "UTF-8, utf8mb4", "utf-?8(mb4)?", "the connection always speaks utf8mb4"),
            ignored("useUnicode", "the connection always speaks utf8mb4"),
            ignored("serverTimezone", "times are stored as whole milliseconds of UTC"),
            ignored("connectionTimeZone", "times are stored as whole milliseconds of UTC"),
            ignored("socketTimeout", "natsjob limits every statement itself"),
            ignored("tcpKeepAlive", "always on"),
            ignored("autoReconnect", "the pool replaces broken connections"),
            ignored("rewriteBatchedStatements", "always on"),
            ignored("useServerPrepStmts", "always off"),
            ignored("cachePrepStmts", "natsjob keeps its own statements"),
            ignored("allowMultiQueries", "always off"),
            ignored("useAffectedRows", "always off: rows that match are counted"),
            ignored("zeroDateTimeBehavior", "times are stored as whole milliseconds of UTC"),
            ignored("nullCatalogMeansCurrent", "natsjob's own statements need none of it"));

    private static final int MILLIS = 1_000;

    private MysqlOptions() {}

    static String jdbcUrl(DatabaseAddress address) {
        // The driver decodes the host, in which the zone of an IPv6 address follows a %.
        return "jdbc:mysql://" + address.hosts().getFirst().toString().replace("%", "%25") + "/" + Percent.encode(address.database());
    }

    static Map<String, String> properties(DatabaseAddress address) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("connectTimeout", Integer.toString(DriverLimits.CONNECT_SECONDS * MILLIS));
        all.put("sslMode", "PREFERRED");
        all.putAll(address.options());
        // MySQL 8 takes a password without TLS only encrypted with its public key. Whoever demands TLS never needs that key,
        // and whoever does not would have no protection against a false server from refusing it.
        boolean tlsDemanded = !all.get("sslMode").equals("PREFERRED") && !all.get("sslMode").equals("DISABLED");
        all.putIfAbsent("allowPublicKeyRetrieval", Boolean.toString(!tlsDemanded));
        all.put("socketTimeout", Integer.toString(DriverLimits.SOCKET_SECONDS * MILLIS));
        all.put("tcpKeepAlive", "true");
        all.put("characterEncoding", "UTF-8");
        // Known to every MySQL and MariaDB, unlike the driver's own choice for a server of this version.
        all.put("connectionCollation", "utf8mb4_bin");
        // Claims and settlements count the rows that matched (docs/rules.md 1).
        all.put("useAffectedRows", "false");
        all.put("rewriteBatchedStatements", "true");
        // Batches are rewritten best on the client, and proxies lose no prepared statements.
        all.put("useServerPrepStmts", "false");
        // Only natsjob uses the connection, so that the driver need not ask the server for what natsjob itself set.
        all.put("useLocalSessionState", "true");
        all.put("allowMultiQueries", "false");
        all.put("allowLoadLocalInfile", "false");
        all.put("allowUrlInLocalInfile", "false");
        all.put("connectionAttributes", "program_name:natsjob");
        return all;
    }
}
