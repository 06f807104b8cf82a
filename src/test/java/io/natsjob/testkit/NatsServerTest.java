package io.natsjob.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.api.KeyValueConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NatsServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void keeps_its_port_and_store_over_a_kill(Path binary) throws Exception {
        try (NatsServer nats = NatsServer.create().binary(binary).start(); Connection connection = nats.connect()) {
            connection.keyValueManagement().create(KeyValueConfiguration.builder().name("b").build());
            connection.keyValue("b").put("k", "v");
            nats.kill();
            nats.start();
            assertEquals("v", Eventually.awaitValue("the value after the restart", LIMIT,
                    () -> connection.keyValue("b").get("k").getValueAsString(), "v"::equals));
        }
    }

    @Test
    void refuses_a_login_that_its_configuration_does_not_know() throws Exception {
        try (NatsServer nats = NatsServer.create().config("authorization { user: a, password: b }").start()) {
            assertThrows(AuthenticationException.class, nats::connect);
        }
    }

    @Test
    void does_not_answer_while_it_is_paused() throws Exception {
        try (NatsServer nats = NatsServer.create().jetStream(false).start(); Connection connection = nats.connect()) {
            nats.pause();
            assertThrows(TimeoutException.class, () -> connection.flush(Duration.ofMillis(200)));
            nats.resume();
            connection.flush(LIMIT);
        }
    }

    @Test
    void says_what_the_server_said_when_it_does_not_start() {
        try (NatsServer nats = NatsServer.create().config("no_such_option: 1")) {
            AssertionError failure = assertThrows(AssertionError.class, nats::start);
            assertTrue(failure.getMessage().contains("no_such_option"), failure.getMessage());
        }
    }
}
