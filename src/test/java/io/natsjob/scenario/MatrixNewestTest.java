package io.natsjob.scenario;

import io.natsjob.testkit.NatsServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The matrix on the newest nats-server, where there is one beside the first. */
final class MatrixNewestTest extends MatrixTest {
    @Override
    Path nats() {
        return NatsServer.binaries().skip(1).findFirst().orElseGet(() -> Assumptions.abort("no second nats-server: set NATSJOB_TEST_NATS_NEW (scripts/test.sh does it)"));
    }
}
