package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.natsjob.protocol.Command;
import io.natsjob.protocol.CommandReply;
import io.natsjob.protocol.CommandReply.Refused;
import io.natsjob.store.StoreException;
import io.natsjob.web.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the leader answers to other servers where it does not do what they ask for. */
class CommandDeskTest {
    private static final Command END = new Command.End(5, "stuck");
    private final List<String> asked = new ArrayList<>();
    private StoreException failure;

    private final class Failing implements Leader {
        @Override
        public Engine.RunNow run(long jobId, String args, String workerId, boolean force) {
            throw failure;
        }

        @Override
        public Engine.End end(long taskId, String reason) {
            throw failure;
        }

        @Override
        public Optional<Engine.Facts> facts(Set<Long> jobs, Set<Long> tasks, String namespace) {
            throw failure;
        }
    }

    private String reason(Command command) {
        return assertInstanceOf(Refused.class, new CommandDesk(new Failing(), server -> false).answer("asker", command)).reason();
    }

    /** A run whose row was surely not written was surely not sent: it may be asked for again. */
    @ParameterizedTest
    @CsvSource({"UNAVAILABLE, no-database, failed", "REJECTED, no-database, failed", "COMMIT_UNKNOWN, failed, failed"})
    void without_the_database_the_answer_tells_whether_it_may_have_been_done(StoreException.Kind kind, String run, String end) {
        failure = new StoreException(kind, "for a test");
        assertEquals(run, reason(new Command.Run(5, null, null, false)));
        assertEquals(end, reason(END));
        assertEquals(end, reason(new Command.Tell(Set.of(), Set.of(), null)));
    }

    @Test
    void the_lease_is_given_to_the_server_that_asks_if_there_is_reason_to() {
        assertEquals(Refused.KEEPS, reason(new Command.Yield()));
        CommandDesk yielding = new CommandDesk(new Failing(), asked::add);
        assertEquals(new CommandReply.Yielded(), yielding.answer("asker", new Command.Yield()));
        assertEquals(List.of("asker"), asked);
    }
}
