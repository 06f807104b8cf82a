package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong URLs: one line that says what is wrong and what is expected, without the password wherever it stands. */
final class BadDatabaseUrlTest {
    private static String refusal(String type, String url) {
        return assertThrows(IllegalArgumentException.class, () -> DatabaseAddress.parse(type, url)).getMessage();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "mysql|~~|it is empty",
        "mysql|root:hunter2@tcp(h:3306)|no / before the database",
        "mysql|root:hunter2@tcp(h:3306)/|the database is missing",
        "mysql|root:hunter2/natsjob|no user:password@ before the address",
        "mysql|:hunter2@tcp(h:3306)/natsjob|the user is missing",
        "mysql|root:hunter2@h:3306/natsjob|the address is not tcp(host:port)",
        "mysql|root:hunter2@tcp(h:3306/natsjob|the address is not tcp(host:port)",
        "mysql|root:hunter2@tcp(h:0)/natsjob|the port is not a number 1..65535",
        "mysql|root:hunter2@tcp(h:x)/natsjob|the port is not a number 1..65535",
        "mysql|root:hunter2@tcp(:3306)/natsjob|the host is missing",
        "mysql|root:hunter2@tcp(::1)/natsjob|an IPv6 address stands in brackets",
        "mysql|root:hunter2@tcp([::1)/natsjob|the [ of an IPv6 address is not closed",
        "mysql|root:hunter2@tcp([::1]3306)/natsjob|after the ] of an IPv6 address only :port may stand",
        "mysql|root:hunter2@tcp([zz]:1)/natsjob|the host is not a host name or IP address",
        "mysql|root:hunter2@tcp(h,i)/natsjob|the host is not a host name or IP address",
        "mysql|root:hunter2@unix(/run/mysqld/mysqld.sock)/natsjob|a Unix socket: the Java driver connects by TCP only",
        "mysql|root:hunter2@tcp(h:1)/natsjob?loc=Asia/Shanghai|a / in an option is written %2F",
        "mysql|root:hunter2@tcp(h:1)/natsjob?parseTime|an option without =",
        "mysql|root:hunter2@tcp(h:1)/natsjob?foo=1|option foo is unknown here",
        "mysql|root:hunter2@tcp(h:1)/natsjob?parseTime=%zz|a % that begins no percent-encoding",
        "mysql|root:hunter2@tcp(h:1)/natsjob?parseTime=%ff|its percent-encoding is not UTF-8",
        "mysql|root:hunter2@tcp(h:1)/nats%20job|the name of the database has characters other than",
        "mysql|host=h user=u password=hunter2|it is a URL of PostgreSQL (NATSJOB_DB_TYPE=postgres), while NATSJOB_DB_TYPE is mysql",
        "mysql|postgres://u:hunter2@h/d|it is a URL of PostgreSQL (NATSJOB_DB_TYPE=postgres), while NATSJOB_DB_TYPE is mysql",
        "mysql|dm://u:hunter2@h|it is a URL of Dameng (NATSJOB_DB_TYPE=dm), while NATSJOB_DB_TYPE is mysql",
        "mysql|jdbc:postgresql://h/d?password=hunter2|it is a JDBC URL of PostgreSQL (NATSJOB_DB_TYPE=postgres), while NATSJOB_DB_TYPE is mysql",
        "mysql|mysql://root:hunter2@h/d|its scheme is unknown",
        "mysql|jdbc:sqlserver://h;password=hunter2|its JDBC driver is not one of mysql, mariadb, postgresql and dm",
        "mysql|jdbc:sqlite:data/natsjob.db|it is a URL of SQLite (NATSJOB_DB_TYPE=sqlite), while NATSJOB_DB_TYPE is mysql",
        "mysql|jdbc:mysql:loadbalance://a,b/d?password=hunter2|after jdbc:mysql: must come //host:port",
        "mysql|jdbc:mysql://a,b/d?user=u&password=hunter2|several hosts: name one",
        "mysql|jdbc:mysql://(host=h,password=hunter2)/d|an address in parentheses: write host:port",
        "mysql|jdbc:mysql://address=(host=h)(password=hunter2)/d|an address in parentheses: write host:port",
        "mysql|jdbc:mysql://h/d?password=hunter2|the user is missing",
        "mysql|jdbc:mysql://h?user=u&password=hunter2|the database is missing",
        "mysql|jdbc:mysql://h/d?user=u&password=hunter2#x|a # is written %23",
        "mysql|jdbc:mysql://h/d?user=u&password=a&hunter2|an option without =",
        "mysql|jdbc:mysql://h/d?user=u&password=a&hunter2=x|after password=... stands no option that is accepted: a & in a password is written %26",
        "mysql|jdbc:mysql://h/d?password=hunter2&user=u&a b=c|an option that is no name=value",
        "postgres|root:hunter2@tcp(h:3306)/natsjob|it is a URL of MySQL (NATSJOB_DB_TYPE=mysql), while NATSJOB_DB_TYPE is postgres",
        "postgres|natsjob|it is not name=value pairs",
        "postgres|host=h password=hunter2|the user is missing",
        "postgres|host=/var/run/postgresql user=u password=hunter2|a Unix socket: the Java driver connects by TCP only",
        "postgres|host=h port=70000 user=u password=hunter2|the port is not a number 1..65535",
        "postgres|host=a,b,c port=1,2 user=u password=hunter2|as many ports as hosts",
        "postgres|host=a,,b user=u password=hunter2|the host is missing",
        "postgres|host=a,b,c,d,e,f,g,h,i user=u password=hunter2|more than 8 hosts",
        "postgres|host=h user=u password='hunter2|a value in quotes is not closed",
        "postgres|host=h user=u password='a'b=hunter2' dbname=d|after password=... stands no option",
        "postgres|host=h user=u password=a hunter2 dbname=d|after password=... stands no option",
        "postgres|host=h user=u password=a hunter2=b dbname=d|after password=... stands no option",
        "postgres|host=h user=u dbname=a/hunter2|the name of the database has characters other than",
        "postgres|postgres://u:hunter2@h:x/natsjob|no host, or not host:port",
        "postgres|postgres://u:100%hunter2@h/natsjob|a % that begins no percent-encoding",
        "postgres|postgres://u:hunter2@a/natsjob?host=b|the host stands before and after the ?",
        "postgres|jdbc:postgresql:natsjob|after jdbc:postgresql: must come //host:port",
        "postgres|jdbc:postgresql://u:hunter2@h/d|a login before the host",
        "postgres|jdbc:kingbase8://h:54321/d?user=u&password=hunter2|set NATSJOB_DB_TYPE=postgres and write jdbc:postgresql:// in place of jdbc:kingbase8://",
        "dm|SYSDBA:hunter2@h:5236|it does not begin with dm:// or jdbc:dm://",
        "dm|dm://SYSDBA:hunter2|no host, or not host:port",
        "dm|dm://SYSDBA:hunter2@|the host is missing",
        "dm|dm://h:5236?schema=d|the user is missing",
        "dm|dm://u:hunter2@h/d|a name after the port: the schema is named as ?schema=natsjob",
        "dm|dm://u:hunter2@a,b|several hosts: name one",
        "dm|jdbc:dm://u:hunter2@h|a login before the host"
    })
    void a_wrong_url_is_told_in_one_line_without_its_secrets(String type, String url, String reason) {
        String message = refusal(type, url);
        assertTrue(message.startsWith("NATSJOB_DB_URL is not allowed: "), message);
        assertTrue(message.contains(reason), message);
        assertTrue(message.endsWith("; expected " + ServerKind.of(type).form()), message);
        assertFalse(message.contains("hunter2"), message);
        assertEquals(1, message.lines().count());
    }

    /** What is left of a good URL after a slip of the hand must not show the password either. */
    @Test
    void no_cut_or_doubled_character_of_a_url_brings_the_password_into_a_message() throws IOException {
        int refused = 0;
        for (UrlExample example : UrlExample.all()) {
            for (int i = 0; i < example.url().length(); i++) {
                String cut = example.url().substring(0, i) + example.url().substring(i + 1);
                String doubled = example.url().substring(0, i) + example.url().charAt(i) + example.url().substring(i);
                for (String url : new String[] {cut, doubled, example.url().substring(i), example.url().substring(0, i)}) {
                    refused += message(example.type(), url).contains("hunter2") ? fail(url) : message(example.type(), url).isEmpty() ? 0 : 1;
                }
            }
        }
        assertTrue(refused > 5_000, "only " + refused + " were refused");
    }

    private static int fail(String url) {
        throw new AssertionError("the password is told of " + url);
    }

    private static String message(String type, String url) {
        try {
            DatabaseAddress address = DatabaseAddress.parse(type, url);
            return address.login().user().contains("hunter2") || address.database().contains("hunter2") ? "" : address.describe().contains("hunter2") ? "hunter2" : "";
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    @Test
    void a_type_that_is_no_server_is_refused() {
        assertTrue(refusal("sqlite", "data/natsjob.db").contains("expected mysql, postgres or dm"));
        assertTrue(refusal("oracle", "x").contains("'oracle'"));
    }

    @Test
    void control_characters_and_endless_texts_are_refused() {
        assertTrue(refusal("postgres", "host=h user=u\u0000 password=hunter2").contains("control characters"));
        assertTrue(refusal("postgres", "host=h user=u password=" + "a".repeat(9_000)).contains("longer than 8192"));
    }
}
