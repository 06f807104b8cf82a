package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mysql.cj.conf.PropertyDefinitions;
import com.mysql.cj.conf.PropertyKey;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGProperty;

/** Which options reach a driver, and which never do. */
final class DatabaseOptionTest {
    private static final Map<String, String> BASES = Map.of("mysql", "jdbc:mysql://h/natsjob?password=hunter2&user=u",
            "postgres", "jdbc:postgresql://h/natsjob?password=hunter2&user=u", "dm", "dm://h?password=hunter2&user=u");

    private static Properties properties(String type, String option) {
        return DatabaseAddress.parse(type, BASES.get(type) + (option.isEmpty() ? "" : "&" + option)).properties();
    }

    private static String refusal(String type, String url) {
        return assertThrows(IllegalArgumentException.class, () -> DatabaseAddress.parse(type, url)).getMessage();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "mysql|tls=true|sslMode|VERIFY_IDENTITY",
        "mysql|tls=skip-verify|sslMode|REQUIRED",
        "mysql|tls=preferred|sslMode|PREFERRED",
        "mysql|tls=false|sslMode|DISABLED",
        "mysql|useSSL=false|sslMode|DISABLED",
        "mysql|useSSL=true|sslMode|REQUIRED",
        "mysql|sslmode=verify_ca|sslMode|VERIFY_CA",
        "mysql||sslMode|PREFERRED",
        "mysql||allowPublicKeyRetrieval|true",
        "mysql|tls=false|allowPublicKeyRetrieval|true",
        "mysql|tls=skip-verify|allowPublicKeyRetrieval|false",
        "mysql|tls=true|allowPublicKeyRetrieval|false",
        "mysql|allowPublicKeyRetrieval=false|allowPublicKeyRetrieval|false",
        "mysql|timeout=10s|connectTimeout|10000",
        "mysql|timeout=1m|connectTimeout|60000",
        "mysql|timeout=1.5s|connectTimeout|1500",
        "mysql|timeout=250ms|connectTimeout|250",
        "mysql|connectTimeout=250|connectTimeout|250",
        "mysql|compress=true|useCompression|true",
        "mysql|charset=utf8|characterEncoding|UTF-8",
        "mysql|charset=utf8|connectionCollation|utf8mb4_bin",
        "mysql|tls=false&tls=true|sslMode|VERIFY_IDENTITY",
        "mysql|useAffectedRows=true|useAffectedRows|false",
        "mysql|clientFoundRows=false|useAffectedRows|false",
        "mysql|multiStatements=true|allowMultiQueries|false",
        "mysql|allowMultiQueries=true|allowMultiQueries|false",
        "mysql|rewriteBatchedStatements=false|rewriteBatchedStatements|true",
        "mysql|useServerPrepStmts=true|useServerPrepStmts|false",
        "mysql|socketTimeout=1|socketTimeout|10000",
        "mysql||allowLoadLocalInfile|false",
        "mysql||allowUrlInLocalInfile|false",
        "postgres||sslmode|prefer",
        "postgres|sslmode=disable|sslmode|disable",
        "postgres|sslmode=require|sslfactory|",
        "postgres|sslmode=verify-full|sslfactory|org.postgresql.ssl.DefaultJavaSSLFactory",
        "postgres|sslmode=verify-ca|sslfactory|org.postgresql.ssl.DefaultJavaSSLFactory",
        "postgres|ssl=true|sslmode|verify-full",
        "postgres|connect_timeout=10|connectTimeout|10",
        "postgres|connectTimeout=10|connectTimeout|10",
        "postgres|search_path=natsjob,public|currentSchema|natsjob,public",
        "postgres|application_name=a|ApplicationName|a",
        "postgres||ApplicationName|natsjob",
        "postgres|prepareThreshold=0|prepareThreshold|0",
        "postgres|reWriteBatchedInserts=false|reWriteBatchedInserts|true",
        "postgres|timezone=Asia/Shanghai|TimeZone|",
        "postgres||logServerErrorDetail|false",
        "postgres||targetServerType|",
        "dm|schema=NATSJOB|schema|NATSJOB",
        "dm|connectTimeout=2000|connectTimeout|2000",
        "dm||appName|natsjob",
        "dm||logLevel|off",
        "dm||batchContinueOnError|false"
    })
    void an_option_becomes_what_the_table_says(String type, String option, String property, String value) {
        assertEquals(value, properties(type, option == null ? "" : option).getProperty(property));
    }

    @Test
    void of_several_hosts_the_writable_one_is_used() {
        assertEquals("primary", DatabaseAddress.parse("postgres", "host=a,b user=u").properties().getProperty("targetServerType"));
    }

    static Stream<String[]> accepted() {
        return Arrays.stream(ServerKind.values()).flatMap(kind -> kind.rules().values().stream().map(rule -> new String[] {kind.word(), rule.name()}));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void an_accepted_option_is_no_refused_one_and_its_bad_value_is_told_by_form(String type, String name) {
        OptionRule rule = ServerKind.of(type).rules().get(name.toLowerCase(Locale.ROOT));
        assertFalse(RefusedOptions.REASONS.containsKey(name.toLowerCase(Locale.ROOT)), name);
        if (rule.words().equals("any") || name.equals("schema")) {
            assertNotNull(properties(type, name + "=x"));
            return;
        }
        String message = refusal(type, BASES.get(type) + "&" + name + "=hunter2%0A");
        assertTrue(message.contains("option " + rule.name() + ": expected " + rule.words()), message);
        assertFalse(message.contains("hunter2"), message);
    }

    @ParameterizedTest
    @CsvSource({"mysql,charset=latin1", "mysql,charset=gbk", "mysql,collation=latin1_swedish_ci", "mysql,tls=custom", "mysql,timeout=61s", "mysql,timeout=0s",
        "mysql,timeout=10", "mysql,timeout=", "mysql,connectTimeout=60001", "mysql,connectTimeout=0", "mysql,sslMode=TRUST", "postgres,sslmode=on", "postgres,sslmode=",
        "postgres,connect_timeout=61", "postgres,client_encoding=latin1", "postgres,search_path=a;b", "postgres,target_session_attrs=standby", "postgres,prepareThreshold=1001",
        "dm,connectTimeout=x", "dm,schema=a;b"})
    void a_value_out_of_its_form_is_refused(String type, String option) {
        String message = refusal(type, BASES.get(type) + "&" + option);
        assertTrue(message.startsWith("NATSJOB_DB_URL is not allowed: "), message);
        assertTrue(message.contains(option.startsWith("schema") ? "schema" : "option " + option.substring(0, option.indexOf('='))), message);
    }

    static Stream<String> dangerous() {
        return RefusedOptions.REASONS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("dangerous")
    void a_dangerous_option_is_refused_by_name_in_every_form(String name) {
        List<String[]> urls = List.of(new String[] {"mysql", "root:hunter2@tcp(h)/natsjob?" + name + "=true"}, new String[] {"mysql", BASES.get("mysql") + "&" + name + "=true"},
                new String[] {"postgres", "host=h user=u password=hunter2 " + name + "=true"}, new String[] {"postgres", "postgres://u:hunter2@h/natsjob?" + name + "=true"},
                new String[] {"postgres", BASES.get("postgres") + "&" + name + "=true"}, new String[] {"dm", "dm://u:hunter2@h?" + name + "=true"},
                new String[] {"dm", "jdbc:dm://h?password=hunter2&user=u&" + name + "=true"});
        for (String[] url : urls) {
            String message = refusal(url[0], url[1]);
            assertTrue(message.contains("option " + name + " is refused: it " + RefusedOptions.REASONS.get(name)), message);
            assertFalse(message.contains("hunter2"), message);
            assertEquals(1, message.lines().count());
        }
    }

    @ParameterizedTest
    @CsvSource({"autoDeserialize", "allowLoadLocalInfile", "allowUrlInLocalInfile", "socketFactory", "loggerFile", "loggerLevel", "sslfactory", "queryInterceptors",
        "propertiesTransform", "connectionLifecycleInterceptors", "authenticationPluginClassName", "jaasApplicationName", "AUTODESERIALIZE", "sslhostnameverifier",
        "allowAllFiles", "dmSvcConf", "sessionVariables", "service", "passfile", "sslrootcert"})
    void the_best_known_dangers_are_in_the_table(String name) {
        assertTrue(RefusedOptions.REASONS.containsKey(name.toLowerCase(Locale.ROOT)));
    }

    /** Every option that a driver knows, so that a new version's dangers stay out too. */
    static Stream<String[]> ofTheDrivers() throws SQLException {
        Stream<String[]> mysql = PropertyDefinitions.PROPERTY_KEY_TO_PROPERTY_DEFINITION.keySet().stream().map(PropertyKey::getKeyName).map(name -> new String[] {"mysql", name});
        Stream<String[]> postgres = Arrays.stream(PGProperty.values()).map(PGProperty::getName).map(name -> new String[] {"postgres", name});
        Stream<String[]> dm = Arrays.stream(new dm.jdbc.driver.DmDriver().getPropertyInfo("jdbc:dm://h", new Properties())).map((DriverPropertyInfo each) -> new String[] {"dm", each.name});
        return Stream.of(mysql, postgres, dm).flatMap(each -> each).filter(each -> !List.of("user", "password").contains(each[1]));
    }

    @ParameterizedTest
    @MethodSource("ofTheDrivers")
    void what_is_in_no_rule_never_reaches_the_driver(String type, String name) {
        if (!ServerKind.of(type).rules().containsKey(name.toLowerCase(Locale.ROOT))) {
            String message = refusal(type, BASES.get(type) + "&" + name + "=true");
            assertTrue(message.contains("option " + name + " is "), message);
        }
    }

    @Test
    void properties_hold_known_names_of_the_driver_alone() throws SQLException {
        Map<String, String> known = ofTheDrivers().collect(Collectors.toMap(each -> each[0] + "." + each[1].toLowerCase(Locale.ROOT), each -> each[1], (a, b) -> a, TreeMap::new));
        for (String type : BASES.keySet()) {
            for (String name : properties(type, type.equals("postgres") ? "sslmode=verify-full" : "").stringPropertyNames()) {
                assertTrue(List.of("user", "password").contains(name) || known.containsKey(type + "." + name.toLowerCase(Locale.ROOT)), type + " " + name);
            }
        }
    }
}
