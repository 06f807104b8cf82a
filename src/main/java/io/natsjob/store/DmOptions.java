package io.natsjob.store;

import static io.natsjob.store.OptionRule.ignored;
import static io.natsjob.store.OptionRule.passed;

import java.util.LinkedHashMap;
import java.util.Map;

/** What reaches Dameng's driver. Known from the driver alone: no server was at hand. */
final class DmOptions {
    /** By name in lower case. */
    static final Map<String, OptionRule> RULES = OptionRule.table(
            passed("schema", "the name of a schema", OptionRule.SCHEMA, text -> text, "the schema of natsjob's tables; the user's own unless set"),
            passed("connectTimeout", OptionValue.CONNECT_MILLIS_WORDS, "connectTimeout", OptionValue::connectMillis, "longest wait for a connection"),
            passed("appName", "1..63 printable ASCII characters", "appName", OptionValue.matching("[ -~]{1,63}"), "natsjob unless set"),
            ignored("socketTimeout", "natsjob limits every statement itself"),
            ignored("sessionTimeout", "the pool replaces broken connections"),
            ignored("autoCommit", "natsjob says where a transaction ends"),
            ignored("localTimezone", "times are stored as whole milliseconds of UTC"),
            ignored("timeZone", "times are stored as whole milliseconds of UTC"),
            ignored("charset", "the server's own counts"),
            ignored("keepAlive", "always on"));

    private static final int MILLIS = 1_000;

    private DmOptions() {}

    static String jdbcUrl(DatabaseAddress address) {
        return "jdbc:dm://" + address.hosts().getFirst();
    }

    static Map<String, String> properties(DatabaseAddress address) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("connectTimeout", Integer.toString(DriverLimits.CONNECT_SECONDS * MILLIS));
        all.put("appName", "natsjob");
        all.putAll(address.options());
        if (!address.database().isEmpty()) {
            all.put("schema", address.database());
        }
        all.put("socketTimeout", Integer.toString(DriverLimits.SOCKET_SECONDS * MILLIS));
        all.put("keepAlive", "true");
        all.put("batchContinueOnError", "false");
        all.put("logLevel", "off");
        all.put("statEnable", "false");
        return all;
    }
}
