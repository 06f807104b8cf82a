package io.natsjob.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NatsUrlTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, nats://127.0.0.1:4222", "nats://h, nats://h:4222", "NATS://h:1, nats://h:1", "nats://nats-server:4222/, nats://nats-server:4222",
        "tls://a.b-c:4443, tls://a.b-c:4443", "nats://[::1]:4222, nats://[::1]:4222", "[::1], nats://[::1]:4222"
    })
    void scheme_and_port_may_be_left_out(String text, String server) throws BadValue {
        NatsOptions nats = NatsUrl.parse(text);
        assertEquals(List.of(server), nats.servers());
        assertEquals(server.startsWith("tls"), nats.tls());
        assertNull(nats.user());
        assertNull(nats.password());
        assertNull(nats.token());
    }

    @ParameterizedTest
    @CsvSource({
        "nats://u:p@h, u, p", "nats://u:p%40ss@h, u, p@ss", "nats://u:p@ss@h, u, p@ss", "nats://u:%E4%BB%BB@h, u, 任", "u:p@h, u, p",
        "nats://u:a%2Cb%3A%2F@h, u, 'a,b:/'", "nats://u:a+b@h, u, a+b", "nats://u:a:b@h, u, a:b", "nats://u:@h, u, ''", "nats://a%3Ab:p@h, a:b, p"
    })
    void user_and_password_are_percent_decoded(String text, String user, String password) throws BadValue {
        NatsOptions nats = NatsUrl.parse(text);
        assertEquals(user, nats.user());
        assertEquals(password, nats.password().reveal());
        assertNull(nats.token());
        assertEquals(List.of("nats://h:4222"), nats.servers());
    }

    @Test
    void a_name_alone_before_the_host_is_a_token() throws BadValue {
        NatsOptions nats = NatsUrl.parse("nats://s3cr%21t@h");
        assertEquals("s3cr!t", nats.token().reveal());
        assertNull(nats.user());
        assertEquals("nats://***@h:4222", nats.shown());
    }

    @Test
    void one_login_serves_all_servers_and_is_shown_masked() throws BadValue {
        NatsOptions nats = NatsUrl.parse("nats://u:p%40ss@host:4222, nats://host2:4222,u:p%40ss@host3");
        assertEquals(List.of("nats://host:4222", "nats://host2:4222", "nats://host3:4222"), nats.servers());
        assertEquals("nats://u:***@host:4222,nats://u:***@host2:4222,nats://u:***@host3:4222", nats.shown());
        assertEquals("NatsOptions[" + nats.shown() + "]", nats.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ws://u:hunter2@h|server 1: only nats:// and tls:// are known",
        "http://h|server 1: only nats:// and tls:// are known",
        "nats://u:hunter2@|server 1: no host, or not host:port",
        "nats://u:hunter2|server 1: no host, or not host:port",
        "nats://h:0|server 1: port must be 1..65535",
        "nats://h:65536|server 1: port must be 1..65535",
        "nats://h,|server 2: no host, or not host:port",
        "nats://u:hunter2,x@h|server 1: no host, or not host:port",
        "nats://u:hunter2%@h|server 1: a % in the login must be written %25",
        "nats://u:hunter2%zz@h|server 1: a % in the login must be written %25",
        "nats://u:hunter2%ff@h|server 1: the login's percent-encoding is not UTF-8",
        "nats://:hunter2@h|server 1: no user or token before @",
        "nats://nats_server:4222|server 1: not a host name that the NATS client takes (an underscore is none of its letters)",
        "nats://a..b|server 1: not a host name that the NATS client takes (an underscore is none of its letters)",
        "nats://[::g]|server 1: no host, or not host:port",
        "nats://[:::::]|server 1: not a host name that the NATS client takes (an underscore is none of its letters)",
        "nats://h/path|server 1: no host, or not host:port",
        "nats://h?x=1|server 1: no host, or not host:port",
        "nats://u:hunter2@h,nats://u:other@h2|server 2: another login than before; one login serves all servers",
        "nats://h,tls://h2|nats:// and tls:// mixed"
    })
    void a_bad_url_is_refused_with_the_reason_and_never_shown(String text, String reason) {
        BadValue e = assertThrows(BadValue.class, () -> NatsUrl.parse(text));
        assertEquals(reason, e.getMessage());
        assertFalse(e.getMessage().contains("hunter2"));
        assertEquals("***", NatsUrl.form().mask().apply(text));
    }

    @Test
    void the_number_of_servers_has_a_limit() {
        assertTrue(assertThrows(BadValue.class, () -> NatsUrl.parse("h,".repeat(32) + "h")).getMessage().startsWith("more than 32"));
    }
}
